/* files.h: which files an import reads, in which order: always the same one.
 *
 * A path that is a folder stands for every .md .markdown .txt .jsonl .ndjson .csv in it and
 * below (the last three also as .gz or .zst), sorted by name. Passed over: hidden files, what
 * editors leave behind (~$a.docx, a.md~, #a#), symbolic links, and README files, which describe
 * a folder and are no cases. A file that is named itself is always read. */
#ifndef ASKFIRST_INTAKE_IMPORT_FILES_H
#define ASKFIRST_INTAKE_IMPORT_FILES_H

#include "data/base/bytes.h"
#include "data/base/error.h"

enum file_form { FORM_JSONL, FORM_CSV, FORM_MARKDOWN };

struct import_file {
    char *path;
    size_t below; /* offset in `path`: what follows is the place below the folder named */
    enum file_form form;
    uint64_t bytes; /* 0 when not known (a pipe) */
};

struct import_files {
    struct import_file *of;
    size_t count, room;
    size_t passed_over; /* files of other kinds in folders */
    uint64_t bytes;     /* of all */
};

/* Adds what `path` stands for. "-" is standard input. AF_NOT_FOUND, AF_DENIED, AF_TOO_LARGE
 * (folders too deep), AF_IO, AF_NO_MEMORY; what was added before stays. */
enum status import_files_add(struct import_files *files, const char *path,
                             struct error *err) MUST_USE;
void import_files_release(struct import_files *files);

#endif
