/* tables.h: every table of the store: its name, key and value. One named LMDB database each.
 *
 * Numbers in keys are big-endian, so that key order is number order. Every value stands in a
 * frame (frame.h); "JSON" is UTF-8 text of one object. To change a value's layout: raise its
 * format here, teach its reader both, and write the step down in data/README.md. To add a
 * table: add it at the end (the number is part of every checksum). */
#ifndef ASKFIRST_DATA_TABLES_H
#define ASKFIRST_DATA_TABLES_H

#include <stdint.h>

#define STORE_FORMAT 1 /* of the whole; a program refuses a store with a higher number */

enum table {
    TABLE_META,            /* name                → see store.c                             */
    TABLE_JOURNAL,         /* seq be64            → JSON, one command (journal.h)           */
    TABLE_DONE,            /* command id          → JSON {seq, print, result}               */
    TABLE_DONE_AGE,        /* at_ms be64, id      → empty; to forget in order               */
    TABLE_ARTICLE,         /* case id             → where its newest text is (article.c)   */
    TABLE_ARTICLE_NO,      /* number be32         → case id                                 */
    TABLE_ARTICLE_VERSION, /* case id, 0, version be32 → the same of a superseded version  */
    TABLE_USE,             /* case id             → counts (ledger.h)                       */
    TABLE_LEDGER,          /* seq be64            → JSON, one use event (ledger.h)          */
    TABLE_LEDGER_SEEN,     /* event key, 16 bytes → ledger seq be64                         */
    TABLE_CONSULT,         /* consult id          → JSON (intake/ask/consult.h)             */
    TABLE_TICKET,          /* number be32         → JSON (intake/ticket/ticket_record.h)    */
    TABLE_TICKET_KEY,      /* BLAKE2b of the follow-up key → ticket number be32             */
    TABLE_LINK,            /* case id, 0, ticket be32, role u8 → empty: who cites a case    */
    TABLE_ACCOUNT,         /* name                → JSON (intake/staff.c)                   */
    TABLE_TOKEN,           /* token id            → JSON (intake/staff.c)                   */
    TABLE_LEARNED,         /* case id             → questions it has solved (learned.h)     */
    TABLE_LEARNED_AT,      /* command be64, case number be32 → empty (learned.h)           */
    TABLE_VOCABULARY,      /* "words"             → JSON (search/own_words.h)               */
    TABLE_RULES,           /* a document's name   → JSON (intake/rules/rules.h)             */
    TABLE_TICKET_DUE,   /* ms be64, ticket be32 → empty: when a clock is next to be looked at */
    TABLE_TICKET_QUEUE, /* list, state, when, ticket → empty: work lists (ticket_queue.h) */
    TABLE_TICKET_TEXT,  /* command be64, ticket be32 → empty: what is found (ticket_text.h) */
    TABLE_BLOB,         /* hash, who names it   → bytes be64 (blob_ref.h)                  */
    TABLE_FORM,         /* hash, 16 bytes → JSON, a form as asked (ticket/ticket_form.h) */
    /* Who asks: intake/party/party_record.h. */
    TABLE_PARTY_ACCOUNT,  /* account id      → JSON, an organisation                        */
    TABLE_CONTACT,        /* contact id      → JSON, a person                               */
    TABLE_CONTACT_KEY,    /* kind u8, identity → contact id; of a domain: account id        */
    TABLE_CONTACT_OF,     /* account id, 0, contact id → empty                              */
    TABLE_ENTITLEMENT,    /* entitlement id  → JSON, a contract or a warranty               */
    TABLE_ENTITLEMENT_OF, /* owner, 0, product, 0, serial, 0, entitlement id → empty        */
    TABLE_PARTY_PAST,     /* owner, 0, ms be64, what u8, number be32 or consult id → empty  */
    TABLE_ENQUIRY,        /* number be32     → JSON (intake/party/enquiry_record.h)         */
    TABLE_DRAFT,          /* draft id → JSON (intake/draft/draft_record.h) */
    TABLE_DRAFT_AGE,      /* ms be64, draft id → empty: the least lately saved first */
    TABLE_DRAFT_BY,       /* account, 0, draft id → empty: those of staff */
    TABLE_SURVEY_KEY,     /* BLAKE2b of a survey's key → ticket number be32 (ticket_survey.h) */
    TABLE_TICKET_VISIT, /* list, due, ticket, no → empty: visits that are due (ticket_visit.h) */
    TABLE_TICKET_RELATION, /* ticket, kind u8, other → JSON (ticket_relation.h) */
    TABLE_OUTSIDE, /* list, name, due, ticket, no → state u8: what others owe (ticket_outside.h) */
    TABLE_HANDOFF_KEY, /* BLAKE2b of a link's key → ticket be32, handoff be32 */
    TABLE_TICKET_TURN, /* group, 0, person → ms be64, ticket be32: whose turn (ticket_turn.h) */
    TABLE_COUNT
};

/* The database's name, which is also the word in sentences and in `check`. */
const char *table_name(enum table table);

/* The newest format of a table's values. */
uint8_t table_format(enum table table);

#endif
