/* party_import.h: many accounts, contacts and entitlements from a file, one JSON object a line:
 *
 *   {"account":{"id":"acme","name":"Acme","domains":["acme.example"],"rep":"wang.li"}}
 *   {"contact":{"id":"c-1","account":"acme","name":"Lin","kind":"customer",
 *               "identities":{"phone":"138 0013 8000"}}}
 *   {"entitlement":{"id":"W-1","account":"acme","product":"HG8","serial":"SN-12","kind":"warranty",
 *                   "from":"2026-01-01","to":"2026-12-31"}}
 *
 * What a line names comes before it. The same id again is a new version, the same record again is
 * nothing; so a file that stopped half way is simply imported again. */
#ifndef ASKFIRST_INTAKE_PARTY_PARTY_IMPORT_H
#define ASKFIRST_INTAKE_PARTY_PARTY_IMPORT_H

#include "intake/app.h"
#include "intake/import/source.h"
#include "intake/who.h"

struct party_import {
    uint64_t read, added, updated, unchanged, rejected;
};

/* A line that was not taken, and why. */
typedef void (*party_refused_fn)(void *context, uint64_t line, const char *reason);

/* AF_DENIED for who may not keep accounts. A refused line is told of and passed over; anything
 * else that fails ends it, and *out says how far it came. */
enum status party_import_run(struct app *app, const struct who *who, struct source *source,
                             party_refused_fn refused, void *context, struct party_import *out,
                             struct error *err) MUST_USE;

#endif
