/* input.h: longer texts and secrets that a command is given: as words, by standard input, or
 * typed without being shown. */
#ifndef ASKFIRST_INTAKE_CLI_INPUT_H
#define ASKFIRST_INTAKE_CLI_INPUT_H

#include "intake/cli/cli.h"

/* The words from `first` on, or standard input whole when the one word is "-". */
enum status input_text(const struct cli *cli, unsigned first, struct buf *out,
                       struct error *err) MUST_USE;

/* A whole file, or standard input for "-"; AF_TOO_LARGE past `bytes_max`. Unpacks .gz, .zst. */
enum status input_file(const char *path, size_t bytes_max, struct buf *out,
                       struct error *err) MUST_USE;

/* One line from standard input; on a terminal asked for, without showing it, and twice. */
enum status input_password(struct buf *out, struct error *err) MUST_USE;

#endif
