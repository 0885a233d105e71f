/* blob.h: long contents (what people attach), each a file of its own, named by its hash.
 *
 *   DIR/blobs/abcdef…    the bytes and nothing else: `b2sum -l 256` of it prints abcdef…
 *   DIR/blobs/new-…      being written
 *   DIR/blobs/lock       flock(): shared while copied, alone while removed
 *
 * A blob is on the disk before the command that names it is proposed; the command carries hash,
 * size and whatever else is known of it, never the bytes (data/README.md says why). So what was
 * acknowledged is there, the same content is there once however many name it, and what a process
 * leaves that dies on the way is a file that nobody names. Who names a blob: blob_ref.h.
 *
 * Not for what is small or is searched: that belongs into a record. */
#ifndef ASKFIRST_DATA_BLOB_H
#define ASKFIRST_DATA_BLOB_H

#include "data/base/error.h"
#include "data/base/hash.h"

/* --- writing ------------------------------------------------------------------------------ */

struct blob_writer; /* belongs to one thread at a time */

/* Will there be BLOB_FREE_MIN left on the disk beside a blob of so many bytes? AF_FULL when not:
 * what people type goes before what they attach. */
enum status blob_room(const char *dir, uint64_t bytes, struct error *err) MUST_USE;

/* Makes DIR/blobs when it is missing. AF_FULL, AF_DENIED, AF_IO, AF_NO_MEMORY. */
enum status blob_begin(const char *dir, uint64_t bytes_max, struct blob_writer **out,
                       struct error *err) MUST_USE;
/* AF_TOO_LARGE past `bytes_max`; AF_FULL, AF_IO. */
enum status blob_write(struct blob_writer *writer, struct bytes piece, struct error *err) MUST_USE;
/* On the disk when it returns AF_OK, whatever happens then. The writer is gone in either case. An
 * equal blob that is there already is replaced, which mends a damaged one. */
enum status blob_commit(struct blob_writer *writer, struct digest *hash, uint64_t *bytes,
                        struct error *err) MUST_USE;
/* Leaves nothing behind. Accepts NULL. */
void blob_abort(struct blob_writer *writer);

/* --- reading ------------------------------------------------------------------------------ */

/* Is it there, of this size, and with this hash? Reads all of it. AF_CORRUPT names it. */
enum status blob_verify(const char *dir, const struct digest *hash, uint64_t bytes,
                        struct error *err) MUST_USE;
/* The same, and leaves it open for reading at its beginning; the caller closes *fd. */
enum status blob_open(const char *dir, const struct digest *hash, uint64_t bytes, int *fd,
                      struct error *err) MUST_USE;
#endif
