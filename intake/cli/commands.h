/* commands.h: every command of the command line; each stands in cmd_*.c. The list that is
 * searched and shown, in its order, is in commands.c. */
#ifndef ASKFIRST_INTAKE_CLI_COMMANDS_H
#define ASKFIRST_INTAKE_CLI_COMMANDS_H

#include "intake/cli/cli.h"

#define CLI_REST_MANY UINT32_MAX

extern const struct cli_command cmd_serve, cmd_import, cmd_search, cmd_ask;
extern const struct cli_command cmd_explain, cmd_similar, cmd_suggest;
extern const struct cli_command cmd_ticket_party, cmd_enquiry_new, cmd_enquiry_list;
extern const struct cli_command cmd_enquiry_show, cmd_enquiry_accept, cmd_enquiry_answer;
extern const struct cli_command cmd_party_import, cmd_party_show, cmd_party_list;
extern const struct cli_command cmd_party_find, cmd_party_merge, cmd_party_entitled;
extern const struct cli_command cmd_ticket_new, cmd_ticket_show, cmd_ticket_list;
extern const struct cli_command cmd_ticket_reply, cmd_ticket_move, cmd_ticket_link;
extern const struct cli_command cmd_ticket_severity;
extern const struct cli_command cmd_ticket_resolve, cmd_ticket_confirm, cmd_ticket_close;
extern const struct cli_command cmd_ticket_reopen, cmd_ticket_survey;
extern const struct cli_command cmd_visit_list, cmd_visit_done, cmd_visit_waive;
extern const struct cli_command cmd_ticket_watch, cmd_ticket_unwatch;
extern const struct cli_command cmd_ticket_assign, cmd_ticket_transfer, cmd_ticket_escalate;
extern const struct cli_command cmd_ticket_result, cmd_ticket_answer, cmd_ticket_notice;
extern const struct cli_command cmd_ticket_merge, cmd_ticket_unmerge, cmd_ticket_split;
extern const struct cli_command cmd_ticket_similar, cmd_ticket_propose, cmd_ticket_accuracy;
extern const struct cli_command cmd_ticket_draft_case;
extern const struct cli_command cmd_ticket_merge, cmd_ticket_unmerge, cmd_ticket_relate;
extern const struct cli_command cmd_ticket_attach, cmd_ticket_fetch, cmd_ticket_detach;
extern const struct cli_command cmd_handoff_new, cmd_handoff_step, cmd_handoff_list;
extern const struct cli_command cmd_part_request, cmd_part_step, cmd_part_list;
extern const struct cli_command cmd_case_show, cmd_case_put, cmd_case_list;
extern const struct cli_command cmd_ledger_verify, cmd_ledger_recompute;
extern const struct cli_command cmd_learned_show, cmd_learned_forget;
extern const struct cli_command cmd_check, cmd_backup, cmd_dump, cmd_load, cmd_stats, cmd_compact;
extern const struct cli_command cmd_token_new, cmd_account_set;
extern const struct cli_command cmd_vocabulary_show, cmd_vocabulary_set, cmd_vocabulary_test;
extern const struct cli_command cmd_rules_show, cmd_rules_set, cmd_rules_holidays;
extern const struct cli_command cmd_ticket_classify, cmd_ticket_fields;
/* What was filled in on a ticket's form, a line each, for a terminal. */
void ticket_form_add_plain(const json_t *ticket, struct buf *out);
/* How it ended, or is about to (cmd_closing.c). */
void ticket_end_add_plain(const json_t *ticket, struct buf *out);
extern const struct cli_command cmd_form_show, cmd_form_check;
extern const struct cli_command cmd_report_tickets, cmd_report_figures;
extern const struct cli_command cmd_route_explain, cmd_sla_explain, cmd_sla_sweep;

#endif
