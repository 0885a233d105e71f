#include "intake/party/identity.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/party/phone.h"

#include <assert.h>
#include <stdio.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

_Static_assert(SERIAL_TEXT_BYTES == SERIAL_BYTES_MAX + 1, "a serial number and its NUL");

#define LOCAL_BYTES_MAX 64   /* before the @: RFC 5321 4.5.3.1.1 */
#define DOMAIN_BYTES_MAX 253 /* RFC 1035, written with dots */
#define UNITS 512            /* of UTF-16, while a text is being worked on */

static const char *const names[IDENTITY_KINDS] = {"phone", "mail", "openid", "appid", "domain"};

const char *identity_name(enum identity_kind kind)
{
    assert((unsigned)kind < IDENTITY_KINDS);
    return names[kind];
}

/* --- texts ---------------------------------------------------------------------------------- */

static struct bytes trimmed(struct bytes text)
{
    while (text.len > 0 && text.data[0] <= ' ') {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

/* "Lin Wei <lin@example.com>" and "mailto:lin@example.com" are written where an address belongs. */
static struct bytes inside(struct bytes text)
{
    struct bytes scheme = BYTES_LIT("mailto:");

    if (text.len > 0 && text.data[text.len - 1] == '>')
        for (size_t i = text.len - 1; i-- > 0;)
            if (text.data[i] == '<')
                return trimmed(bytes_of(text.data + i + 1, text.len - i - 2));
    if (bytes_has_prefix(text, scheme))
        return bytes_of(text.data + scheme.len, text.len - scheme.len);
    return text;
}

/* What one key means in another width or case (NFKC, then lower case, then NFKC again, since a
 * lower letter may combine otherwise). */
static bool fold(struct bytes text, char *out, int32_t room)
{
    UChar a[UNITS], b[UNITS];
    int32_t len;
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&code);

    (void)u_strFromUTF8(a, UNITS, &len, (const char *)text.data, (int32_t)text.len, &code);
    len = unorm2_normalize(nfkc, a, len, b, UNITS, &code);
    len = u_strToLower(a, UNITS, b, len, "", &code);
    len = unorm2_normalize(nfkc, a, len, b, UNITS, &code);
    (void)u_strToUTF8(out, room, &len, b, len, &code);
    return U_SUCCESS(code) && len < room;
}

/* --- mail ----------------------------------------------------------------------------------- */

static enum status normal_domain(struct bytes text, char *out, int32_t room, struct error *err)
{
    UErrorCode code = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna = uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                                      UIDNA_NONTRANSITIONAL_TO_ASCII,
                                  &code);
    int32_t len = 0;

    if (text.len > 0 && text.len < UNITS && U_SUCCESS(code))
        len = uidna_nameToASCII_UTF8(idna, (const char *)text.data, (int32_t)text.len, out, room,
                                     &info, &code);
    if (idna != NULL)
        uidna_close(idna);
    if (code == U_MEMORY_ALLOCATION_ERROR)
        return error_set(err, AF_NO_MEMORY, "no memory for a domain name");
    if (U_FAILURE(code) || len == 0 || len >= room)
        return error_set(err, AF_INVALID, "this is not a domain name");
    if (out[len - 1] == '.') { /* the root's own dot */
        out[--len] = '\0';
        info.errors &= (uint32_t)~UIDNA_ERROR_EMPTY_LABEL;
    }
    if (info.errors != 0 || len == 0 || len > DOMAIN_BYTES_MAX || out[0] == '.' ||
        out[len - 1] == '.' || strstr(out, "..") != NULL)
        return error_set(err, AF_INVALID, "this is not a domain name");
    return AF_OK;
}

/* What RFC 5321 lets stand before the @ without quotes, and letters of any script (RFC 6531). */
static bool is_local(const char *local)
{
    size_t len = strlen(local);

    if (len == 0 || len > LOCAL_BYTES_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((uint8_t)local[i] <= ' ' || local[i] == 0x7F || strchr("()<>[]\\,;:\"@", local[i]))
            return false;
    return true;
}

static const uint8_t *last_at(struct bytes text)
{
    for (size_t i = text.len; i-- > 0;)
        if (text.data[i] == '@')
            return text.data + i;
    return NULL;
}

static enum status normal_mail(struct bytes text, char out[IDENTITY_TEXT_BYTES], struct error *err)
{
    char folded[IDENTITY_TEXT_BYTES], domain[IDENTITY_TEXT_BYTES];
    const uint8_t *at;
    struct bytes host;
    enum status status;
    int len;

    text = inside(text);
    if (text.len == 0 || text.len >= UNITS / 2 || !fold(text, folded, sizeof folded) ||
        (at = last_at(bytes_str(folded))) == NULL)
        return error_set(err, AF_INVALID, "a mail address is like lin@example.com");
    host = bytes_str((const char *)at + 1);
    folded[at - (const uint8_t *)folded] = '\0';
    if ((status = normal_domain(host, domain, sizeof domain, err)) != AF_OK)
        return status;
    if (!is_local(folded))
        return error_set(err, AF_INVALID, "no mail address begins so before its @");
    len = snprintf(out, IDENTITY_TEXT_BYTES, "%s@%s", folded, domain);
    if (len < 0 || len >= IDENTITY_TEXT_BYTES - 1)
        return error_set(err, AF_INVALID, "a mail address has at most %d bytes",
                         IDENTITY_TEXT_BYTES - 2);
    return AF_OK;
}

struct bytes identity_domain(struct bytes mail)
{
    const uint8_t *at = last_at(mail);

    return at == NULL ? BYTES_NONE : bytes_of(at + 1, (size_t)(mail.data + mail.len - at - 1));
}

/* --- all kinds ------------------------------------------------------------------------------ */

/* A name that another system gave: its own bytes, of which none is a blank. */
static enum status opaque(struct bytes text, char out[IDENTITY_TEXT_BYTES], struct error *err)
{
    if (text.len == 0 || text.len > IDENTITY_OPAQUE_BYTES_MAX)
        return error_set(err, AF_INVALID, "this is of 1 to %d bytes", IDENTITY_OPAQUE_BYTES_MAX);
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~')
            return error_set(err, AF_INVALID, "this has letters, digits and marks of ASCII only");
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return AF_OK;
}

enum status identity_normalise(enum identity_kind kind, struct bytes text, const char *country,
                               char out[IDENTITY_TEXT_BYTES], struct error *err)
{
    char phone[PHONE_BYTES];
    enum status status;

    if (utf8_valid_len(text) != text.len)
        return error_set(err, AF_INVALID, "this is not UTF-8 text");
    text = trimmed(text);
    switch (kind) {
    case IDENTITY_PHONE:
        if ((status = phone_normalise(text, country, phone, err)) == AF_OK)
            (void)snprintf(out, IDENTITY_TEXT_BYTES, "%s", phone);
        return status;
    case IDENTITY_MAIL:
        return normal_mail(text, out, err);
    case IDENTITY_DOMAIN:
        return normal_domain(text, out, IDENTITY_TEXT_BYTES, err);
    case IDENTITY_OPENID:
    case IDENTITY_APPID:
        return opaque(text, out, err);
    case IDENTITY_KINDS:
        break;
    }
    assert(false);
    return error_set(err, AF_INVALID, "no such kind of identity");
}

bool identity_is_normal(enum identity_kind kind, struct bytes text)
{
    if (text.len == 0 || text.len >= IDENTITY_TEXT_BYTES || utf8_valid_len(text) != text.len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] == 0x7F ||
            (text.data[i] >= 'A' && text.data[i] <= 'Z' &&
             (kind == IDENTITY_MAIL || kind == IDENTITY_DOMAIN)))
            return false;
    if (kind == IDENTITY_PHONE)
        return text.data[0] == '+';
    return kind != IDENTITY_MAIL || last_at(text) != NULL;
}

/* --- serial numbers ------------------------------------------------------------------------- */

enum status serial_normalise(struct bytes text, char out[SERIAL_TEXT_BYTES], struct error *err)
{
    struct reader r = reader_of(text);
    size_t len = 0;

    while (reader_left(&r) > 0) {
        uint32_t cp = utf8_next(&r);

        if (cp >= 0xFF01 && cp <= 0xFF5E) /* the same of a full width */
            cp -= 0xFEE0;
        if (cp == 0x3000 || (cp <= '/' && cp >= ' ' && strchr(" -./", (int)cp) != NULL) ||
            cp == '_')
            continue;
        if (cp <= ' ' || cp > '~')
            return error_set(err, AF_INVALID, "a serial number has letters and digits of ASCII");
        if (len == SERIAL_BYTES_MAX)
            return error_set(err, AF_INVALID, "a serial number has at most %d characters",
                             SERIAL_BYTES_MAX);
        out[len++] = (char)(cp >= 'a' && cp <= 'z' ? cp - 32 : cp);
    }
    out[len] = '\0';
    return len > 0 ? AF_OK : error_set(err, AF_INVALID, "the serial number is empty");
}
