/* ticket_show.h: what the commands about a ticket share: its number among the words, and showing it
 * once the work is done. */
#ifndef ASKFIRST_INTAKE_CLI_TICKET_SHOW_H
#define ASKFIRST_INTAKE_CLI_TICKET_SHOW_H

#include "intake/cli/cli.h"

/* The ticket that word `i` names. False after a usage error. */
bool ticket_word(const struct cli *cli, unsigned i, uint32_t *no);

/* The ticket as it is now, as text or (--json) as it is. */
enum status ticket_show(struct cli_work *work, uint32_t no, struct error *err) MUST_USE;

/* Its files, a line each. */
void ticket_files_add_plain(const json_t *ticket, struct buf *out);

#endif
