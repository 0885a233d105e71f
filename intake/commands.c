#include "intake/commands.h"

#include "data/article.h"
#include "data/ledger.h"
#include "intake/ask/consult.h"
#include "intake/ask/learn.h"
#include "intake/draft/draft_record.h"
#include "intake/party/enquiry_record.h"
#include "intake/party/party_record.h"
#include "intake/rules/rules.h"
#include "intake/staff.h"
#include "intake/ticket/ticket_children.h"
#include "intake/ticket/ticket_emergency.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_escalations.h"
#include "intake/ticket/ticket_files.h"
#include "intake/ticket/ticket_form.h"
#include "intake/ticket/ticket_handoffs.h"
#include "intake/ticket/ticket_merge.h"
#include "intake/ticket/ticket_parts.h"
#include "intake/ticket/ticket_party.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_relation.h"
#include "intake/ticket/ticket_steps.h"
#include "intake/ticket/ticket_survey.h"
#include "intake/ticket/ticket_tasks.h"
#include "intake/ticket/ticket_visit.h"
#include "intake/ticket/ticket_watch.h"
#include "intake/token.h"
#include "intake/vocabulary.h"

const struct command_kind command_kinds[] = {
    {"case.put",        1, article_apply_put,     true },
    {"consult.open",    1, consult_apply_open,    false},
    {"consult.query",   1, consult_apply_query,   false},
    {"consult.opened",  1, consult_apply_opened,  false},
    {"consult.settle",  1, consult_apply_settle,  false},
    {"ticket.open",     1, ticket_apply_open,     false},
    {"ticket.reply",    1, ticket_apply_reply,    false},
    {"ticket.move",     1, ticket_apply_move,     false},
    {"ticket.link",     1, ticket_apply_link,     false},
    {"ticket.tick",     1, ticket_apply_tick,     false},
    {"ticket.severity", 1, ticket_apply_severity, false},
    {"ticket.classify", 1, ticket_apply_classify, false},
    {"ticket.fields",   1, ticket_apply_fields,   false},
    {"ticket.merge",    1, ticket_apply_merge,    false},
    {"ticket.unmerge",  1, ticket_apply_unmerge,  false},
    {"draft.put",       1, draft_apply_put,       false},
    {"draft.drop",      1, draft_apply_drop,      false},
    {"draft.forget",    1, draft_apply_forget,    false},
    {"ticket.confirm",  1, ticket_apply_confirm,  false},
    {"survey.answer",   1, survey_apply_answer,   false},
    {"visit.report",    1, visit_apply_report,    false},
    {"visit.waive",     1, visit_apply_waive,     false},
    {"visit.overdue",   1, visit_apply_overdue,   false},
    {"ticket.relate",   1, ticket_apply_relate,   false},
    {"ticket.unrelate", 1, ticket_apply_unrelate, false},
    {"ticket.told",     1, ticket_apply_told,     false},
    {"ticket.children", 1, ticket_apply_children, false},
    {"ticket.watch",    1, ticket_apply_watch,    false},
    {"ticket.detach",   1, ticket_apply_detach,   false},
    {"handoff.send",    1, handoff_apply_send,    false},
    {"handoff.step",    1, handoff_apply_step,    false},
    {"part.request",    1, part_apply_request,    false},
    {"part.step",       1, part_apply_step,       false},
    {"ticket.assign",   1, ticket_apply_assign,   false},
    {"ticket.take",     1, ticket_apply_take,     false},
    {"ticket.transfer", 1, ticket_apply_transfer, false},
    {"ticket.escalate", 1, ticket_apply_escalate, false},
    {"ticket.result",   1, ticket_apply_result,   false},
    {"ticket.manage",   1, ticket_apply_manage,   false},
    {"ticket.answer",   1, ticket_apply_answer,   false},
    {"ticket.notice",   1, ticket_apply_notice,   false},
    {"ticket.beat",     1, ticket_apply_beat,     false},
    {"ticket.step",     1, ticket_apply_step,     false},
    {"account.set",     1, account_apply_set,     false},
    {"token.new",       1, token_apply_new,       false},
    {"vocabulary.set",  1, vocabulary_apply_set,  false},
    {"rules.set",       1, rules_apply_set,       false},
    {"ticket.party",    1, ticket_apply_party,    false},
    {"party.put",       1, party_apply_put,       false},
    {"party.merge",     1, party_apply_merge,     false},
    {"enquiry.new",     1, enquiry_apply_new,     false},
    {"enquiry.move",    1, enquiry_apply_move,    false},
    {"use.recount",     1, learn_apply_recount,   false},
    {"learned.forget",  1, learn_apply_forget,    false},
    {NULL,              0, NULL,                  false},
};
