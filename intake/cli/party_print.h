/* party_print.h: accounts, contacts, entitlements and what was asked before, for people. */
#ifndef ASKFIRST_INTAKE_CLI_PARTY_PRINT_H
#define ASKFIRST_INTAKE_CLI_PARTY_PRINT_H

#include "intake/party/party_record.h"

/* All of it; with "history" when it has one. */
void party_print(enum party_kind kind, const json_t *record);
/* One line. */
void party_print_line(enum party_kind kind, const json_t *record);

#endif
