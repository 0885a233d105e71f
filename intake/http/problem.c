#include "intake/http/problem.h"

#include <assert.h>

const struct problem_kind PROBLEM_MALFORMED = {
    "malformed", 400, "Malformed request",
    "The request breaks the rules of HTTP, JSON or UTF-8; the detail says where."};
const struct problem_kind PROBLEM_SIGN_IN = {
    "sign-in", 401, "Sign-in needed",
    "This is for people who are signed in: send a token as Authorization: Bearer TOKEN."};
const struct problem_kind PROBLEM_DENIED = {
    "denied", 403, "Not allowed", "It is known who asks, and this is not among their rights."};
const struct problem_kind PROBLEM_NOT_FOUND = {
    "not-found", 404, "Not found",
    "Nothing of that name exists here, or it may not be seen by the one who asks."};
const struct problem_kind PROBLEM_METHOD = {
    "method-not-allowed", 405, "Method not allowed",
    "The address exists, but not for this method; the Allow header names those it takes."};
const struct problem_kind PROBLEM_CONFLICT = {
    "conflict", 409, "Conflict with the present state",
    "The request is right by itself but does not fit the state or version of what it changes."};
const struct problem_kind PROBLEM_LENGTH_REQUIRED = {
    "length-required", 411, "Length required",
    "The call takes a body, and the request has neither Content-Length nor chunked coding."};
const struct problem_kind PROBLEM_CHANGED = {
    "changed", 412, "Changed meanwhile",
    "The version named in If-Match is no longer the newest: read it again and repeat."};
const struct problem_kind PROBLEM_TOO_LARGE = {"too-large", 413, "Too large",
                                               "A named limit was passed; the detail says which."};
const struct problem_kind PROBLEM_MEDIA_TYPE = {
    "media-type", 415, "Unsupported media type",
    "The body is not of the type this call takes; the detail names it."};
const struct problem_kind PROBLEM_INVALID = {
    "invalid", 422, "Invalid input",
    "The request was understood, but a value in it cannot be taken; the detail names it."};
const struct problem_kind PROBLEM_PRECONDITION = {
    "precondition-required", 428, "If-Match needed",
    "A change must say in If-Match which version it changes, so that nothing is overwritten."};
const struct problem_kind PROBLEM_RANGE = {
    "range", 416, "Range not satisfiable",
    "The Range header asks for bytes after the end; Content-Range says how many there are."};
const struct problem_kind PROBLEM_RATE = {"rate", 429, "Too many requests",
                                          "Slow down; Retry-After says how long to wait."};
const struct problem_kind PROBLEM_HEADER_LARGE = {
    "header-too-large", 431, "Header too large",
    "The request line and header lines are too many or too long; often it is the cookies."};
const struct problem_kind PROBLEM_INTERNAL = {
    "internal", 500, "Something failed here",
    "Not the fault of the request. The log of the server says more under the request id."};
const struct problem_kind PROBLEM_NOT_IMPLEMENTED = {
    "not-implemented", 501, "Not implemented",
    "The transfer coding is none that this server reads; it reads chunked."};
const struct problem_kind PROBLEM_BUSY = {"busy", 503, "Busy",
                                          "The same request may work in a moment (Retry-After)."};
const struct problem_kind PROBLEM_FULL = {
    "full", 507, "No room left",
    "The disk or the store is full; reading works, and writing does again once there is room."};

static const struct problem_kind *const KINDS[] = {
    &PROBLEM_MALFORMED, &PROBLEM_SIGN_IN,         &PROBLEM_DENIED,   &PROBLEM_NOT_FOUND,
    &PROBLEM_METHOD,    &PROBLEM_CONFLICT,        &PROBLEM_CHANGED,  &PROBLEM_LENGTH_REQUIRED,
    &PROBLEM_TOO_LARGE, &PROBLEM_MEDIA_TYPE,      &PROBLEM_INVALID,  &PROBLEM_PRECONDITION,
    &PROBLEM_RATE,      &PROBLEM_HEADER_LARGE,    &PROBLEM_INTERNAL, &PROBLEM_BUSY,
    &PROBLEM_FULL,      &PROBLEM_NOT_IMPLEMENTED, &PROBLEM_RANGE,
};

const struct problem_kind *problem_of_status(enum status status)
{
    assert(status != AF_OK);
    switch (status) {
    case AF_NOT_FOUND:
        return &PROBLEM_NOT_FOUND;
    case AF_INVALID:
        return &PROBLEM_INVALID;
    case AF_CONFLICT:
        return &PROBLEM_CONFLICT;
    case AF_CHANGED:
        return &PROBLEM_CHANGED;
    case AF_DENIED:
        return &PROBLEM_DENIED;
    case AF_TOO_LARGE:
        return &PROBLEM_TOO_LARGE;
    case AF_BUSY:
        return &PROBLEM_BUSY;
    case AF_FULL:
        return &PROBLEM_FULL;
    case AF_OK:
    case AF_STATUS_COUNT:
    case AF_CORRUPT:
    case AF_NEWER:
    case AF_IO:
    case AF_NO_MEMORY:
        break;
    }
    return &PROBLEM_INTERNAL;
}

const struct problem_kind *problem_find(const struct problem_kind *more, size_t more_count,
                                        struct bytes name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (bytes_equal(bytes_str(KINDS[i]->name), name))
            return KINDS[i];
    }
    for (size_t i = 0; i < more_count; i++) {
        if (bytes_equal(bytes_str(more[i].name), name))
            return &more[i];
    }
    return NULL;
}

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_from_bytes(bytes_str(text));
}

static void put_extra(json_t *to, const json_t *extra, bool *ok)
{
    const char *name;
    json_t *value;

    /* jansson iterates only over what is not const; nothing is changed here */
    json_object_foreach((json_t *)(uintptr_t)extra, name, value)
        json_put(to, name, json_incref(value), ok);
}

enum status problem_write(const struct problem *problem, struct buf *out, struct error *err)
{
    const struct problem_kind *kind = problem->kind;
    json_t *json = json_object();
    bool ok = json != NULL;
    enum status status;

    json_put(json, "type", json_sprintf(PROBLEM_PATH "%s", kind->name), &ok);
    json_put(json, "title", text_or_null(kind->title), &ok);
    json_put(json, "status", json_integer((json_int_t)kind->code), &ok);
    if (problem->detail != NULL)
        json_put(json, "detail", text_or_null(problem->detail), &ok);
    if (problem->instance != NULL)
        json_put(json, "instance", text_or_null(problem->instance), &ok);
    if (problem->request_id != NULL)
        json_put(json, "request_id", text_or_null(problem->request_id), &ok);
    put_extra(json, problem->extra, &ok);
    status = ok ? json_write(json, false, out, err)
                : error_set(err, AF_NO_MEMORY, "no memory to write a problem");
    json_decref(json);
    return status;
}
