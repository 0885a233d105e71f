/* pipeline_impl.h: what pipeline.c (threads, hand-over) asks of pipeline_write.c. */
#ifndef ASKFIRST_INTAKE_IMPORT_PIPELINE_IMPL_H
#define ASKFIRST_INTAKE_IMPORT_PIPELINE_IMPL_H

#include "intake/import/pipeline.h"

/* Leaves out the cases that are stored as they are, and writes the others in one commit. Fills
 * the counts of each chunk whose command is durable, also when another failed. */
enum status chunks_write(const struct pipeline_options *options, struct chunk **chunks,
                         size_t count, struct chunk_maker *maker, struct error *err) MUST_USE;

#endif
