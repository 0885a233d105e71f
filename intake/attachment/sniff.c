#include "intake/attachment/sniff.h"

#include <strings.h>

/* --- types -------------------------------------------------------------------------------- */

enum type {
    PNG,
    JPEG,
    GIF,
    WEBP,
    BMP,
    TIFF,
    ICO,
    HEIC,
    AVIF,
    PDF,
    RTF,
    OLE,
    DOCX,
    XLSX,
    PPTX,
    ODF,
    TEXT,
    HTML,
    SVG,
    XML,
    ZIP,
    GZIP,
    BZIP2,
    XZ,
    ZSTD,
    SEVEN_ZIP,
    RAR,
    TAR,
    LZ4,
    CAB,
    PCAP,
    PCAPNG,
    EVTX,
    MINIDUMP,
    CORE,
    HPROF,
    MP4,
    MATROSKA,
    MP3,
    WAV,
    AVI,
    OGG,
    FLAC,
    AMR,
    DATA,
    ELF,
    PE,
    MACHO,
    LNK,
    JAR,
    DEX,
    TYPES
};

static const struct file_type types[TYPES] = {
  /* clang-format off */
    [PNG]       = {"image/png",                           FILE_IMAGE,    "png",  true },
    [JPEG]      = {"image/jpeg",                          FILE_IMAGE,    "jpg",  true },
    [GIF]       = {"image/gif",                           FILE_IMAGE,    "gif",  true },
    [WEBP]      = {"image/webp",                          FILE_IMAGE,    "webp", true },
    [BMP]       = {"image/bmp",                           FILE_IMAGE,    "bmp",  false},
    [TIFF]      = {"image/tiff",                          FILE_IMAGE,    "tif",  false},
    [ICO]       = {"image/x-icon",                        FILE_IMAGE,    "ico",  false},
    [HEIC]      = {"image/heic",                          FILE_IMAGE,    "heic", false},
    [AVIF]      = {"image/avif",                          FILE_IMAGE,    "avif", false},
    [PDF]       = {"application/pdf",                     FILE_DOCUMENT, "pdf",  false},
    [RTF]       = {"application/rtf",                     FILE_DOCUMENT, "rtf",  false},
    [OLE]       = {"application/x-ole-storage",           FILE_DOCUMENT, "doc",  false},
    [DOCX]      = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", FILE_DOCUMENT, "docx", false},
    [XLSX]      = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", FILE_DOCUMENT, "xlsx", false},
    [PPTX]      = {"application/vnd.openxmlformats-officedocument.presentationml.presentation", FILE_DOCUMENT, "pptx", false},
    [ODF]       = {"application/vnd.oasis.opendocument",  FILE_DOCUMENT, "odt",  false},
    [TEXT]      = {"text/plain",                          FILE_TEXT,     "txt",  false},
    [HTML]      = {"text/html",                           FILE_MARKUP,   "html", false},
    [SVG]       = {"image/svg+xml",                       FILE_MARKUP,   "svg",  false},
    [XML]       = {"text/xml",                            FILE_MARKUP,   "xml",  false},
    [ZIP]       = {"application/zip",                     FILE_ARCHIVE,  "zip",  false},
    [GZIP]      = {"application/gzip",                    FILE_ARCHIVE,  "gz",   false},
    [BZIP2]     = {"application/x-bzip2",                 FILE_ARCHIVE,  "bz2",  false},
    [XZ]        = {"application/x-xz",                    FILE_ARCHIVE,  "xz",   false},
    [ZSTD]      = {"application/zstd",                    FILE_ARCHIVE,  "zst",  false},
    [SEVEN_ZIP] = {"application/x-7z-compressed",         FILE_ARCHIVE,  "7z",   false},
    [RAR]       = {"application/vnd.rar",                 FILE_ARCHIVE,  "rar",  false},
    [TAR]       = {"application/x-tar",                   FILE_ARCHIVE,  "tar",  false},
    [LZ4]       = {"application/x-lz4",                   FILE_ARCHIVE,  "lz4",  false},
    [CAB]       = {"application/vnd.ms-cab-compressed",   FILE_ARCHIVE,  "cab",  false},
    [PCAP]      = {"application/vnd.tcpdump.pcap",        FILE_CAPTURE,  "pcap", false},
    [PCAPNG]    = {"application/x-pcapng",                FILE_CAPTURE,  "pcapng", false},
    [EVTX]      = {"application/x-ms-evtx",               FILE_CAPTURE,  "evtx", false},
    [MINIDUMP]  = {"application/x-dmp",                   FILE_CAPTURE,  "dmp",  false},
    [CORE]      = {"application/x-coredump",              FILE_CAPTURE,  "core", false},
    [HPROF]     = {"application/x-java-hprof",            FILE_CAPTURE,  "hprof", false},
    [MP4]       = {"video/mp4",                           FILE_MEDIA,    "mp4",  false},
    [MATROSKA]  = {"video/webm",                          FILE_MEDIA,    "webm", false},
    [MP3]       = {"audio/mpeg",                          FILE_MEDIA,    "mp3",  false},
    [WAV]       = {"audio/wave",                          FILE_MEDIA,    "wav",  false},
    [AVI]       = {"video/avi",                           FILE_MEDIA,    "avi",  false},
    [OGG]       = {"application/ogg",                     FILE_MEDIA,    "ogg",  false},
    [FLAC]      = {"audio/flac",                          FILE_MEDIA,    "flac", false},
    [AMR]       = {"audio/amr",                           FILE_MEDIA,    "amr",  false},
    [DATA]      = {"application/octet-stream",            FILE_DATA,     "bin",  false},
    [ELF]       = {"application/x-executable",            FILE_PROGRAM,  "elf",  false},
    [PE]        = {"application/vnd.microsoft.portable-executable", FILE_PROGRAM, "exe", false},
    [MACHO]     = {"application/x-mach-binary",           FILE_PROGRAM,  "macho", false},
    [LNK]       = {"application/x-ms-shortcut",           FILE_PROGRAM,  "lnk",  false},
    [JAR]       = {"application/java-archive",            FILE_PROGRAM,  "jar",  false},
    [DEX]       = {"application/vnd.android.dex",         FILE_PROGRAM,  "dex",  false},
  /* clang-format on */
};

const struct file_type *file_type_named(const char *name)
{
    for (size_t i = 0; i < TYPES; i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

/* --- signatures --------------------------------------------------------------------------- */

/* The bytes at `at`, and perhaps others at `more_at`. */
struct signature {
    size_t at;
    struct bytes bytes;
    size_t more_at;
    struct bytes more;
    enum type type;
};

/* Longer before shorter where one begins the other. What a text may begin with as well ("BM",
 * "MZ", "ID3") is asked for more, or only of what has bytes that no text has. */
static const struct signature signatures[] = {
  /* clang-format off */
    {0, BYTES_LIT("\x89PNG\r\n\x1A\n"), 0, {NULL, 0}, PNG},
    {0, BYTES_LIT("\xFF\xD8\xFF"),      0, {NULL, 0}, JPEG},
    {0, BYTES_LIT("GIF87a"),            0, {NULL, 0}, GIF},
    {0, BYTES_LIT("GIF89a"),            0, {NULL, 0}, GIF},
    {0, BYTES_LIT("RIFF"), 8, BYTES_LIT("WEBPVP"), WEBP},
    {0, BYTES_LIT("RIFF"), 8, BYTES_LIT("WAVE"), WAV},
    {0, BYTES_LIT("RIFF"), 8, BYTES_LIT("AVI "), AVI},
    {0, BYTES_LIT("BM"), 15, BYTES_LIT("\0\0\0"), BMP},
    {0, BYTES_LIT("II*\0"),             0, {NULL, 0}, TIFF},
    {0, BYTES_LIT("MM\0*"),             0, {NULL, 0}, TIFF},
    {0, BYTES_LIT("\0\0\x01\0"),        0, {NULL, 0}, ICO},
    {4, BYTES_LIT("ftypheic"),          0, {NULL, 0}, HEIC},
    {4, BYTES_LIT("ftypheix"),          0, {NULL, 0}, HEIC},
    {4, BYTES_LIT("ftypmif1"),          0, {NULL, 0}, HEIC},
    {4, BYTES_LIT("ftypavif"),          0, {NULL, 0}, AVIF},
    {4, BYTES_LIT("ftyp"),              0, {NULL, 0}, MP4},
    {0, BYTES_LIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), 0, {NULL, 0}, OLE},
    {0, BYTES_LIT("\x1F\x8B\x08"),      0, {NULL, 0}, GZIP},
    {0, BYTES_LIT("BZh"), 4, BYTES_LIT("1AY&SY"), BZIP2},
    {0, BYTES_LIT("\xFD" "7zXZ\0"),     0, {NULL, 0}, XZ},
    {0, BYTES_LIT("\x28\xB5\x2F\xFD"),  0, {NULL, 0}, ZSTD},
    {0, BYTES_LIT("7z\xBC\xAF\x27\x1C"), 0, {NULL, 0}, SEVEN_ZIP},
    {0, BYTES_LIT("Rar!\x1A\x07"),      0, {NULL, 0}, RAR},
    {257, BYTES_LIT("ustar"),           0, {NULL, 0}, TAR},
    {0, BYTES_LIT("\x04\x22\x4D\x18"),  0, {NULL, 0}, LZ4},
    {0, BYTES_LIT("MSCF\0\0\0\0"),      0, {NULL, 0}, CAB},
    {0, BYTES_LIT("\xD4\xC3\xB2\xA1"),  0, {NULL, 0}, PCAP},
    {0, BYTES_LIT("\xA1\xB2\xC3\xD4"),  0, {NULL, 0}, PCAP},
    {0, BYTES_LIT("\x4D\x3C\xB2\xA1"),  0, {NULL, 0}, PCAP},
    {0, BYTES_LIT("\xA1\xB2\x3C\x4D"),  0, {NULL, 0}, PCAP},
    {0, BYTES_LIT("\x0A\x0D\x0D\x0A"), 8, BYTES_LIT("\x1A\x2B\x3C\x4D"), PCAPNG},
    {0, BYTES_LIT("\x0A\x0D\x0D\x0A"), 8, BYTES_LIT("\x4D\x3C\x2B\x1A"), PCAPNG},
    {0, BYTES_LIT("ElfFile\0"),         0, {NULL, 0}, EVTX},
    {0, BYTES_LIT("MDMP\x93\xA7"),      0, {NULL, 0}, MINIDUMP},
    {0, BYTES_LIT("PAGEDU64"),          0, {NULL, 0}, MINIDUMP},
    {0, BYTES_LIT("PAGEDUMP"),          0, {NULL, 0}, MINIDUMP},
    {0, BYTES_LIT("JAVA PROFILE 1.0"),  0, {NULL, 0}, HPROF},
    {0, BYTES_LIT("\x1A\x45\xDF\xA3"),  0, {NULL, 0}, MATROSKA},
    {0, BYTES_LIT("ID3"),               0, {NULL, 0}, MP3},
    {0, BYTES_LIT("\xFF\xFB"),          0, {NULL, 0}, MP3},
    {0, BYTES_LIT("OggS\0"),            0, {NULL, 0}, OGG},
    {0, BYTES_LIT("fLaC\0"),            0, {NULL, 0}, FLAC},
    {0, BYTES_LIT("#!AMR"),             0, {NULL, 0}, AMR},
    {0, BYTES_LIT("\x7F" "ELF"), 16, BYTES_LIT("\x04\x00"), CORE},
    {0, BYTES_LIT("\x7F" "ELF"), 16, BYTES_LIT("\x00\x04"), CORE},
    {0, BYTES_LIT("\x7F" "ELF"),        0, {NULL, 0}, ELF},
    {0, BYTES_LIT("MZ"),                0, {NULL, 0}, PE},
    {0, BYTES_LIT("\xFE\xED\xFA\xCE"),  0, {NULL, 0}, MACHO},
    {0, BYTES_LIT("\xFE\xED\xFA\xCF"),  0, {NULL, 0}, MACHO},
    {0, BYTES_LIT("\xCE\xFA\xED\xFE"),  0, {NULL, 0}, MACHO},
    {0, BYTES_LIT("\xCF\xFA\xED\xFE"),  0, {NULL, 0}, MACHO},
    {0, BYTES_LIT("\xCA\xFE\xBA\xBE"),  0, {NULL, 0}, MACHO}, /* and Java's classes */
    {0, BYTES_LIT("L\0\0\0\x01\x14\x02\0"), 0, {NULL, 0}, LNK},
    {0, BYTES_LIT("dex\n"),             0, {NULL, 0}, DEX},
  /* clang-format on */
};

static bool stands_at(struct bytes head, size_t at, struct bytes wanted)
{
    return at <= head.len && head.len - at >= wanted.len &&
           (wanted.len == 0 || memcmp(head.data + at, wanted.data, wanted.len) == 0);
}

static bool holds(struct bytes head, const char *wanted)
{
    return head.len > 0 && memmem(head.data, head.len, wanted, strlen(wanted)) != NULL;
}

/* By the names of the files in it, as far as the head shows them: an office document names its
 * parts, a program for Java its manifest. */
static enum type zip_type(struct bytes head)
{
    struct bytes first = stands_at(head, 0, BYTES_LIT("PK\x03\x04")) && head.len > 30
                             ? bytes_of(head.data + 30, head.len - 30)
                             : BYTES_NONE;

    if (bytes_has_prefix(first, BYTES_LIT("META-INF/")) || holds(head, "AndroidManifest.xml") ||
        bytes_has_prefix(first, BYTES_LIT("classes.dex")))
        return JAR;
    if (bytes_has_prefix(first, BYTES_LIT("mimetypeapplication/vnd.oasis.opendocument")))
        return ODF;
    if (!bytes_has_prefix(first, BYTES_LIT("[Content_Types].xml")) &&
        !bytes_has_prefix(first, BYTES_LIT("_rels/")) &&
        !bytes_has_prefix(first, BYTES_LIT("docProps/")))
        return ZIP;
    return holds(head, "word/")  ? DOCX
           : holds(head, "xl/")  ? XLSX
           : holds(head, "ppt/") ? PPTX
                                 : ZIP;
}

/* --- text --------------------------------------------------------------------------------- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* "<b" and a blank or '>' after it, in any case (WHATWG §7.1). */
static bool is_tag(struct bytes text, const char *tag)
{
    size_t len = strlen(tag);

    if (text.len <= len || strncasecmp((const char *)text.data, tag, len) != 0)
        return false;
    return strcmp(tag, "<!--") == 0 || is_blank(text.data[len]) || text.data[len] == '>';
}

static enum type text_type(struct bytes head)
{
    static const char *const tags[] = {
        "<!doctype html", "<html", "<head",  "<script", "<iframe", "<h1",     "<div",  "<font",
        "<table",         "<a",    "<style", "<title",  "<b",      "<body",   "<br",   "<p",
        "<!--",           "<meta", "<link",  "<img",    "<form",   "<object", "<embed"};

    if (bytes_has_prefix(head, BYTES_LIT("\xEF\xBB\xBF")))
        head = bytes_of(head.data + 3, head.len - 3);
    while (head.len > 0 && is_blank(head.data[0]))
        head = bytes_of(head.data + 1, head.len - 1);
    if (bytes_has_prefix(head, BYTES_LIT("{\\rtf")))
        return RTF;
    if (is_tag(head, "<svg") || (bytes_has_prefix(head, BYTES_LIT("<")) && holds(head, "<svg")))
        return SVG;
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (is_tag(head, tags[i]))
            return HTML;
    return bytes_has_prefix(head, BYTES_LIT("<?xml")) ? XML : TEXT;
}

/* A "binary data byte" of the standard: one that no text has in ASCII's place. */
static bool is_binary(uint8_t c)
{
    return c <= 0x08 || c == 0x0B || (c >= 0x0E && c <= 0x1A) || (c >= 0x1C && c <= 0x1F);
}

/* --- all of it ---------------------------------------------------------------------------- */

void sniff_add(struct sniffer *sniffer, struct bytes piece)
{
    size_t room = SNIFF_BYTES - sniffer->len, take = piece.len < room ? piece.len : room;
    unsigned found = 0;

    if (take > 0)
        memcpy(sniffer->head + sniffer->len, piece.data, take);
    sniffer->len += take;
    if (sniffer->has_binary)
        return;
    for (size_t i = 0; i < piece.len; i++)
        found |= is_binary(piece.data[i]);
    sniffer->has_binary = found != 0;
}

const struct file_type *sniff_type(const struct sniffer *sniffer)
{
    struct bytes head = bytes_of(sniffer->head, sniffer->len);

    if (stands_at(head, 0, BYTES_LIT("PK\x03\x04")) || stands_at(head, 0, BYTES_LIT("PK\x05\x06")))
        return &types[zip_type(head)];
    if (stands_at(head, 0, BYTES_LIT("%PDF-"))) /* the one that may be text to its end */
        return &types[PDF];
    if (!sniffer->has_binary)
        return &types[text_type(head)];
    if (stands_at(head, 0, BYTES_LIT("\xFF\xFE")) || stands_at(head, 0, BYTES_LIT("\xFE\xFF")))
        return &types[TEXT]; /* UTF-16 */
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (stands_at(head, signatures[i].at, signatures[i].bytes) &&
            stands_at(head, signatures[i].more_at, signatures[i].more))
            return &types[signatures[i].type];
    return &types[DATA];
}
