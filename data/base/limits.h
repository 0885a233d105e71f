/* limits.h: every limit of askfirst, with its reason. At each there is a test and a sentence
 * for the person. Sizes in bytes unless the name says otherwise. */
#ifndef ASKFIRST_DATA_BASE_LIMITS_H
#define ASKFIRST_DATA_BASE_LIMITS_H

/* --- cases ---------------------------------------------------------------------------- */
/* LMDB refuses keys over 511 bytes; a key may hold an id and 64 bytes beside it. */
#define ARTICLE_ID_BYTES_MAX 400
#define ARTICLE_TITLE_BYTES_MAX 4096 /* a title is one line; a page cannot show more */
/* One case as JSON. Longer texts are manuals: split them, a hit must point somewhere. */
#define ARTICLE_JSON_BYTES_MAX (4u << 20)
#define ARTICLE_LIST_MAX 256  /* elements of category, keywords, error_code */
#define ARTICLE_BATCH_MAX 256 /* cases in one import command */
/* An import command is closed past this: larger ones pack no better (data/README.md). */
#define ARTICLE_BATCH_BYTES (256u << 10)

/* --- import ----------------------------------------------------------------------------- */
#define IMPORT_DEPTH_MAX 16 /* folders in folders; deeper is a loop or a mistake */
#define IMPORT_CHUNKS 24    /* commands read ahead: two commits' worth, and some in the making */
#define IMPORT_GROUP 8      /* commands in one commit; 2 MiB of text pay for a sync */
#define IMPORT_AHEAD_BYTES (32u << 20)  /* of lines read ahead, should they be long ones */
#define IMPORT_FORGET_BYTES (64u << 20) /* of text, then mapped pages of the store are let go */
#define IMPORT_WORKERS_MAX 16 /* threads that check and pack; then one that writes is the limit */

/* --- JSON ----------------------------------------------------------------------------- */
#define JSON_DEPTH_MAX 64      /* ours never passes 8; recursion elsewhere is bounded by it */
#define JSON_TOKENS_MAX 200000 /* jansson spends up to 76 bytes for one byte of `{}` */

/* --- text ----------------------------------------------------------------------------- */
#define MARKS_IN_A_ROW_MAX 30      /* UAX #15 stream-safe; ICU is quadratic in longer runs */
#define TOKEN_CODEPOINTS_MAX 64    /* a longer "word" is data, not language */
#define FIELD_BYTES_MAX (1u << 20) /* of one field of a case that is analysed */
#define IDENT_PARTS_MAX 64         /* of one identifier; a longer one is a path or a dump */

/* --- search --------------------------------------------------------------------------- */
#define QUERY_BYTES_MAX 4096 /* read of a query; the rest is left out, without an error */
#define QUERY_INPUT_BYTES_MAX (1u << 20) /* refused above: no person pastes more */
#define HITS_MAX 1000                    /* of one search; scripts evaluate at 1000 */
#define HITS_DEFAULT 10
#define SEARCH_ARENA_BYTES (64u << 20)
#define QUERY_GROUPS_MAX 256         /* scored: the worthiest; more add time, not order */
#define QUERY_PHRASES_MAX 8          /* quoted pieces; further quotes are read as plain text */
#define EXPAND_PREFIX_MAX 32         /* words an unfinished word may become, commonest first */
#define EXPAND_PREFIX_CASES 50000    /* that these may be in, counted for each word; then fewer */
#define EXPAND_FUZZY_MAX 8           /* corrections of one word: past these they are guesses */
#define EXPAND_FUZZY_GROUPS_MAX 16   /* words of one query that are corrected; each costs a walk */
#define EXPAND_STEM_MAX 8            /* forms of one stem; no language needs more to find a case */
#define EXPAND_GRAMS_ASKED_MAX 4500  /* grams nobody typed that a question asks about: 0.5 ms */
#define EXPAND_SPELLED_MAX 16        /* grams of what was spelled in a question; more is no word */
#define EXPAND_LOOKALIKE_MAX 256     /* spellings of one code with 0/O, 1/I/l, 5/S, 8/B, 2/Z */
#define RESPELL_MAX 3                /* grams that one may stand for: past these they are guesses */
#define SWITCHED_LETTERS_MAX 32      /* kana and Hangul that were typed with Latin letters */
#define EXPAND_SCAN_MAX 1000         /* dictionary words looked at for one unfinished word */
#define EXPAND_ENDS_SCAN_MAX 100000  /* terms looked at for codes that end so: 2 ms */
#define EXPAND_INFIX_SCAN_MAX 300000 /* terms looked at for all pieces of a query: 5 ms */
/* An administrator's vocabulary: some 5,000 lines, which take 10 ms to understand. */
#define VOCABULARY_BYTES_MAX (256u << 10)
#define VOCABULARY_PHRASE_BYTES_MAX                                                                \
    96 /* longer ones are sentences; they are compared at each place */
#define VOCABULARY_LINE_PHRASES_MAX 32 /* of one line: each of them brings the others */
#define VOCABULARY_RULES_MAX 200000    /* pairs of them, of all lines: 2 MB for each searcher */
#define EXPAND_SYNONYMS_MAX 8        /* phrases that one may stand for; past these it is a topic */
#define EXPAND_SYNONYM_PLACES_MAX 32 /* places of a question where they are looked up */
#define WRITTEN_CJK_MAX 2            /* characters of a question whose spelling in titles counts */
#define CANDIDATE_GROUPS_MIN 10      /* rarest groups that look for cases: search/README.md */
#define CANDIDATE_GROUPS_MAX 64
/* Looked at for one question: some 20 ms, then the best so far. */
#define SEARCH_POSTINGS_MAX 4000000
#define SEARCH_WITHOUT_MAX 64u /* cases that one question leaves out */
#define CANDIDATES 28          /* rescored exactly; measured as good as scoring all */
#define CANDIDATES_LONG 60     /* of a question of many words, where texts say less of the order */
#define LONG_GROUPS 16         /* so many words and grams */
#define CANDIDATES_SHORT 24    /* of a short question: these have all of it */
#define CANDIDATES_SPARE 10    /* of a question of one group, beyond those to be shown */
#define TOTAL_COUNTED 100      /* cases that match, counted; beyond, "at least" so many */
#define CLOSE_LOOK 10         /* of them, beyond those to be shown: asked about the longest lists */
#define PHRASE_CHECKS_MAX 100 /* cases read for what was quoted: 0.1 ms each */
#define CANDIDATES_FILTERED 400             /* with a filter or a phrase, which may refuse many */
#define CANDIDATES_MAX 2000                 /* how deep a caller may page */
#define SNIPPET_TEXT_BYTES_MAX (256u << 10) /* of one case that a snippet is looked for in */

/* --- suggestions while typing ----------------------------------------------------------- */
#define SUGGEST_MAX 8          /* more is no list to look over while typing */
#define SUGGEST_LETTERS_MAX 48 /* typed; a longer text is a question, and told whole */
#define SUGGEST_TEXT_BYTES_MAX                                                                     \
    240                         /* of a title that is read, of a question that is shown: a line */
#define SUGGEST_TITLES_MAX 400  /* read for one list: half a millisecond */
#define SUGGEST_LEARNED_MAX 128 /* cases whose learned questions are read for one list */
#define SUGGEST_TERMS_MAX 256   /* that one unfinished word, syllable or code may become */
#define SUGGEST_POSTINGS_MAX 150000 /* looked at for each kind of suggestion: 1 ms */
#define SUGGEST_NAMES_MAX 256  /* products or categories of a segment held against what is typed */
#define SUGGEST_DOCS_MAX 50000 /* cases looked at for one with such a name that may be shown */
#define SUGGEST_CODE_CASES_MAX 256 /* the same of a code */

/* --- learning from use ---------------------------------------------------------------- */
#define LEARNED_QUESTIONS_MAX 64       /* of one case; the least worthy gives its place */
#define LEARNED_QUESTION_BYTES_MAX 512 /* of one; nobody asks a longer one again */
#define LEARNED_VOTES_MAX 8            /* of one question, the newest: four weigh as much as more */
#define LEARNED_VOTER_QUESTIONS_MAX 8  /* of one person for one case */
#define LEARNED_OPENERS_MAX 64         /* the newest: a logarithm of their number is weighed */
#define LEARNED_WORDINGS_MAX 4         /* of one consult, the last ones, that are learned */
#define REPEAT_CASES_MAX 8             /* that solved the very same question, looked at */

/* --- index ---------------------------------------------------------------------------- */
#define INDEX_FLUSH_BYTES (64u << 20) /* memory of a batch being indexed before it is written */
#define INDEX_TXN_BYTES (32u << 20)   /* 8,192 dirty pages; LMDB 0.9.24 must never spill */
#define INDEX_VALUE_BYTES_MAX                                                                      \
    (128u << 20) /* lengths of 19 million cases; with INDEX_TXN_BYTES LMDB does not spill yet */
#define INDEX_SEGMENTS_MAX 200        /* open at once; every look has room for as many */
#define SEGMENT_SEEN_MAX (1u << 17)   /* values of a segment known to be sound: 1 MB of memory */
#define SEGMENT_PLACES_MAX (1u << 22) /* values of postings found without LMDB: 64 MB, lazily */
#define INDEX_AHEAD_BYTES                                                                          \
    (64u << 10)               /* of a saved case's line that is analysed before it is asked */
#define INDEX_TIER 8          /* segments of like size that become one */
#define INDEX_DEAD_PERCENT 20 /* of a segment's documents, then it is written anew */
/* Memory of the process that builds, whatever the input is, unless it is told another. */
#define INDEX_MEMORY_MIB 512
#define INDEX_MEMORY_MIB_MIN 192        /* below it sorting is all disk and no memory */
#define INDEX_MEMORY_MIB_MAX (4u << 20) /* 4 TiB, as much as machines have */
#define INDEX_BESIDE_MIB 128            /* of it, beside the building: a million cases needed 125 */
#define INDEX_BUILD_BYTES ((size_t)(INDEX_MEMORY_MIB - INDEX_BESIDE_MIB) << 20)
#define INDEX_RUN_BYTES                                                                            \
    ((size_t)48 << 20)         /* of that for a thread's table, which stays near its caches */
#define INDEX_THREADS_MAX 16   /* of one build; its last step is one thread's */
#define INDEX_BULK_ENTRIES 8   /* journal entries, 256 cases in one; fewer are not worth threads */
#define INDEX_REST_PERCENT 50  /* of the time a merge has worked it rests, after each commit */
#define INDEX_REST_MS_MAX 1000 /* at most: a slow disk shall not stop merging */
#define INDEX_POOL_MAX 32      /* ended searches whose transactions are kept for the next ones */
#define INDEX_HELD_S_MAX 60    /* a search that lasts longer keeps pages from being used again */

/* --- intake --------------------------------------------------------------------------- */
#define CONSULT_QUERIES_MAX 200 /* in one consult; somebody typing all day */
#define CONSULT_SHOWN_MAX 10    /* answers shown for one question */
#define ASKER_BYTES_MAX 200     /* a program's name for whom it asks */
#define TICKET_TITLE_BYTES_MAX 1024
#define TICKET_SERIAL_BYTES_MAX 200 /* as it is typed, with what separates its parts */
#define TICKET_TEXT_BYTES_MAX (64u << 10)
#define TICKET_SEARCH_MOST 500 /* tickets found by a text that are held against a filter: 20 ms */
#define TICKET_INDEX_TAIL 64   /* commands; a read analyses the tickets of so many in 3 ms */
#define TICKET_POSTS_MAX 1000  /* thread entries of a ticket */
#define CONTACT_BYTES_MAX 1024 /* of each contact member */
#define TICKET_CLOCKS_MAX 600  /* of one ticket: three, one a task, one each time it is reopened */
#define TICKET_TASKS_MAX 250   /* of one ticket: a customer says no every other day of a year */
#define TICKET_ESCALATIONS_MAX 100 /* to management, of one ticket */
#define TICKET_TEAM_MAX 50         /* people of an emergency team, beside its lead */
#define TICKET_STEPS_MAX 150   /* to run by themselves on one ticket's clocks; each has a timer */
#define RULES_STEPS_MAX 20     /* of one group or level */
#define TICKET_WATCHERS_MAX 50 /* of one ticket; more are a group */
#define TICKET_MENTIONS_MAX 10 /* people one post calls; more is a list of names */
#define TICKET_MERGED_MAX 100  /* in one: more reporters of one problem are children of a parent */
#define TICKET_TIMERS_MAX 200  /* things that one ticket waits for at once */
#define TICKET_LIST_MAX 200    /* tickets on a page of a list */
#define TICKET_COUNT_MAX 1000  /* of one state; "1000+" tells a desk as much */
#define TICKET_FAMILY_DEPTH_MAX                                                                    \
    8                            /* parents above one another: site, region, network and to spare */
#define TICKET_RELATIONS_MAX 200 /* of one, beside its children, which are not bounded */
#define TICKET_RELATIONS_SHOWN 100 /* with a ticket; the others on pages of their own */
#define TICKET_CHILDREN_BATCH 100  /* told between two looks at what else is due: half a second */
#define TICKET_MERGED_MAX 100 /* in one: more reporters of one problem are children of a parent */
#define TICKET_TIMERS_MAX 200 /* things that one ticket waits for at once */
#define TICKET_LIST_MAX 200   /* tickets on a page of a list */
#define TICKET_LIST_SCAN_MAX 2000 /* looked at for one page: a filter may want few of them */
#define TICKET_SWEEP_MAX 256      /* tickets looked at in one round of the clocks */
#define REPORT_PARTS_MAX 5000     /* parts of one report: products, persons, accounts */
#define TICKET_REPORT_DAYS 366    /* how old a report may be that is entered now */
#define IDEMPOTENCY_KEY_BYTES_MAX 200
#define IDEMPOTENCY_DAYS 30 /* how long a repeated command is answered with its first result */

/* --- who is told of a ticket, and who else works for it -------------------------------- */
#define TICKET_HANDOFFS_MAX 50             /* of one ticket */
#define HANDOFF_TURNS_MAX 50               /* steps of one handoff: a dozen times to and fro */
#define HANDOFF_TEXT_BYTES_MAX (16u << 10) /* of a question or an answer */
#define HANDOFF_REF_BYTES_MAX 200          /* a number in somebody else's system */
#define HANDOFF_LINK_DAYS 30      /* that a target's link leads on after the answer was due */
#define TICKET_PARTS_MAX 50       /* requests of one ticket */
#define PART_NUMBER_BYTES_MAX 100 /* of a part, a stock keeper's code */
#define PART_QTY_MAX 10000        /* pieces of one request */
#define PART_TURNS_MAX 200        /* steps of one request: portions, dates */
#define TRACKING_BYTES_MAX 200    /* a carrier's name, a shipment's number */
#define OUTSIDE_SCAN_MAX 5000     /* rows looked at for one page of handoffs or parts */
#define TICKET_NOTICES_MAX 1000   /* that people got about one ticket: one an hour for six weeks */

/* --- what an administrator decides ---------------------------------------------------- */
#define RULES_BYTES_MAX (4u << 20)       /* of one document; 10,000 rules of 400 bytes */
#define RULES_ENTRIES_MAX 10000          /* of one list: products, rules, people of a group */
#define RULES_ID_BYTES_MAX 128           /* products are called by their names */
#define RULES_NAME_BYTES_MAX 200         /* of anything, in one language */
#define RULES_CALENDARS_MAX 500          /* each is made and checked with every change */
#define RULES_TARGET_MINUTES_MAX 2000000 /* of a promise: three years of 24x7 */
#define COMPLAINTS_MAX 100               /* about one document; more is not read */

/* --- forms ------------------------------------------------------------------------------ */
#define FORM_FIELDS_MAX 40   /* of one form; nobody fills in more */
#define FORM_CHOICES_MAX 100 /* of one field; more is a list to search in */
#define FORM_INPUTS_MAX 70 /* that a page sends of one form: HTTP_PARAMETERS_MAX without its own */
#define FORM_HELP_BYTES_MAX 1000         /* beside a field, in one language: a few lines */
#define FORM_PATTERNS_MAX 8              /* of one kind of serial number */
#define FORM_PATTERN_BYTES_MAX 40        /* of one; no label has room for more */
#define FORM_LINE_CHARACTERS_MAX 500     /* that a line may be allowed */
#define FORM_TEXT_CHARACTERS_MAX 10000   /* that a text may be allowed: four pages */
#define FORM_NUMBER_DIGITS_MAX 15        /* a double tells so many apart */
#define FORM_VALUE_BYTES_MAX (40u << 10) /* of one value: such a text in any script */
#define DRAFT_DAYS 30                    /* after it was last saved; who comes back comes sooner */
#define DRAFT_VALUES_MAX 150         /* of a form: HTTP_PARAMETERS_MAX, and what was on it before */
#define DRAFT_BYTES_MAX (192u << 10) /* of all values: a text and a form of the longest */
#define DRAFT_SAVES_MAX 1000 /* of one: somebody typing all day; each is in the journal for ever */
#define DRAFT_FORGET_MAX 100 /* in one command */
#define DRAFT_LIST_MAX 50    /* of one member of staff, shown */
#define FORM_VALUES_BYTES_MAX (128u << 10) /* of all; half of what a request may bring */
/* --- parties -------------------------------------------------------------------------- */
#define PARTY_ID_BYTES_MAX 64         /* of accounts, contacts, entitlements: keys hold two */
#define PARTY_NAME_BYTES_MAX 200      /* of a person, an organisation, a region */
#define PARTY_IDENTITIES_MAX 20       /* of one kind of one contact; domains of an account */
#define PARTY_MERGED_MAX 16           /* contacts in one: its past is read from each of them */
#define IDENTITY_OPAQUE_BYTES_MAX 128 /* an openid has 28, a UUID 36, a token of an app more */
#define SERIAL_BYTES_MAX 64           /* of a serial number, without what separates its parts */
#define ENTITLEMENT_LOOKED_MAX 1000   /* at for one question: 5 ms; who has more names a serial */
#define PARTY_LINE_BYTES_MAX (64u << 10) /* of an import: twenty identities of each kind */
#define ENQUIRY_DAYS_MAX 366             /* until LTC's answer is due */

/* --- service clocks ------------------------------------------------------------------- */
#define CALENDAR_NAME_BYTES_MAX 64   /* of a calendar or a time zone */
#define CALENDAR_DAY_STRETCHES_MAX 8 /* of worked time in one day: shifts and their breaks */
#define CALENDAR_DAYS_MAX 4000       /* closed or make-up days: ten years of every day */
#define CALENDAR_WALK_DAYS 800       /* without an hour's work: then the calendar has none */
#define CALENDAR_ADD_DAYS 8000       /* of one target; 20 years */
#define ICAL_BYTES_MAX (1u << 20)    /* of a file of holidays; ten years of a country have 50 kB */
#define ICAL_REPEATS_MAX 10000       /* of one repeating event: every day of 27 years */
#define CLOCK_RUNS_MAX 1000          /* of one clock: pauses and changes of its target */

/* --- attachments ------------------------------------------------------------------------ */
/* Left on the disk beside what is attached: four reserves, for what people type. */
#define BLOB_FREE_MIN (256u << 20)
#define BLOB_OWNER_BYTES_MAX 16 /* of a key after the hash: a ticket's number and its file's */
/* A picture has 5 MB, a log of a day packed 20, half a minute of video from a telephone 50. */
#define ATTACHMENT_BYTES_MAX (50 << 20)
#define ATTACHMENTS_A_POST_MAX 10 /* sent at once: as many pictures as anybody takes of one fault */
#define ATTACHMENTS_MAX 200       /* of one ticket; its record has 300 bytes of each */
#define ATTACHMENTS_BYTES_MAX (1u << 30) /* of one ticket: 20 of the largest */
#define UPLOAD_HOUR_FILES_MAX 100 /* from one address without a name; an office behind one too */
#define UPLOAD_HOUR_BYTES_MAX (1u << 30)
#define RECEIPT_HOURS 24 /* between sending a file and naming it: a form left open over night */
#define ORPHAN_HOURS 48  /* then a file that nobody names is forgotten; more than RECEIPT_HOURS */
#define FILE_NAME_BYTES_MAX 180 /* a file system takes 255 */
/* --- the end of a ticket -------------------------------------------------------------- */
#define WINDOW_HOURS_MAX 4000 /* of work: two years of an office */
#define WINDOW_DAYS_MAX 366   /* a window that is longer is none */
#define SURVEY_TEXT_BYTES_MAX 4000
#define TICKET_VISITS_MAX 100   /* of one ticket: one for each time it closes, and each bad score */
#define TICKET_FOLLOWED_MAX 100 /* tickets that follow one: years of replies to an old link */

/* --- journal -------------------------------------------------------------------------- */
#define COMMAND_BYTES_MAX (8u << 20) /* one command's body; an import batch stays far below */
#define GROUP_COMMANDS_MAX 512       /* commands in one commit */
#define GROUP_BYTES_MAX (8u << 20)   /* keeps a transaction under 20,000 dirty pages */
#define QUEUE_COMMANDS_MAX 4096      /* waiting; past it the caller is told AF_BUSY */

/* --- HTTP ----------------------------------------------------------------------------- */
#define HTTP_HEADER_BYTES_MAX (8u << 10) /* request line and header lines together; else 431 */
/* A connection's memory: the header, 56 bytes a header line, and room for the reply's header. */
#define HTTP_POOL_BYTES (16u << 10)
#define HTTP_REPLY_HEADER_ROOM (3u << 10) /* ours are 900 bytes; without room there is silence */
#define HTTP_HEADERS_MAX 64               /* header lines; browsers send 20 */
#define HTTP_HOST_BYTES_MAX 261           /* the longest DNS name, a colon and a port */
#define HTTP_PARAMETERS_MAX 100           /* of a query or a form */
#define MULTIPART_HEADER_BYTES_MAX 4096   /* of one part: a name of a file, in escapes */
#define HTTP_BODY_SEARCH_MAX (64u << 10)
#define HTTP_BODY_TICKET_MAX (256u << 10)
#define HTTP_BODY_ARTICLE_MAX (5u << 20)
#define HTTP_CONNECTIONS_MAX 4096
#define HTTP_CONNECTIONS_PER_ADDRESS_MAX 512
#define HTTP_IDLE_S 15  /* nothing heard */
#define HTTP_HEADER_S 5 /* whole header, from the first byte of the connection or request */
#define HTTP_BODY_S 5   /* whole body, plus one second for each HTTP_BODY_RATE bytes */
#define HTTP_BODY_RATE (50u << 10)
#define HTTP_REPLY_S 15   /* whole reply read by the client, plus one second for each RATE */
#define HTTP_SWEEP_MS 250 /* how late a deadline may be noticed */
#define HTTP_DRAIN_BYTES (8u << 20) /* of a body too large, read only so that the 413 arrives */
#define HTTP_REQUEST_ARENA_BYTES (96u << 20)

#endif
