/* source.h: the bytes of a file that somebody gave us, unpacked on the way when it is gzip or
 * Zstandard (known by its first bytes, not by its name). Streaming: no file is too large.
 *
 * Packed data that ends too early or is damaged gives AF_INVALID at the place where it breaks;
 * what came before it has been handed out. Not for our own stored files. */
#ifndef ASKFIRST_INTAKE_IMPORT_SOURCE_H
#define ASKFIRST_INTAKE_IMPORT_SOURCE_H

#include "data/base/bytes.h"
#include "data/base/error.h"

struct source;

/* A path, or "-" for standard input. Refuses what is not a regular file or a pipe. AF_NOT_FOUND,
 * AF_DENIED, AF_IO, AF_NO_MEMORY; sentences name the file. */
enum status source_open(const char *path, struct source **out, struct error *err) MUST_USE;
void source_close(struct source *source); /* accepts NULL */

/* Fills up to `room` bytes; *got is 0 only at the end. AF_BUSY when a signal came while it
 * waited (for a pipe). */
enum status source_read(struct source *source, uint8_t *at, size_t room, size_t *got,
                        struct error *err) MUST_USE;

/* Bytes of the file taken so far (packed, when it is), for a progress bar. */
uint64_t source_taken(const struct source *source);

#endif
