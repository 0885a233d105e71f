/* commands.h: every kind of command that the journal can hold. Adding one: write its apply in
 * the module that owns the record, add a line to the table in commands.c; a kind is never
 * removed and never changes meaning (raise its schema instead): old journals must replay. */
#ifndef ASKFIRST_INTAKE_COMMANDS_H
#define ASKFIRST_INTAKE_COMMANDS_H

#include "data/journal.h"

extern const struct command_kind command_kinds[]; /* ended by a NULL name */

#endif
