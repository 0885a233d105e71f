/* What sort of problem a ticket is: product, problem type, class. */
#include "intake/desk/ticket_fields.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/form/form_find.h"
#include "intake/route/route.h"

/* --- what there is ------------------------------------------------------------------------- */

/* Of a service's errors, told at their fields: a page and a program find them there. */
static enum status refuse(json_t **errors, const char *field, const char *code, struct error *err)
{
    if (errors != NULL)
        *errors = json_pack("[{s:s,s:s,s:s}]", "field", field, "code", code, "message", err->text);
    return AF_INVALID;
}

static enum status check_product(const struct rules *rules, const char *product, json_t **errors,
                                 struct error *err)
{
    const json_t *tree = json_object_get(rules->docs[RULES_PRODUCTS], "products");

    if (product[0] == '\0' || json_array_size(tree) == 0 ||
        rules_find(rules, RULES_PRODUCTS, product) != NULL)
        return AF_OK;
    (void)error_set(err, AF_INVALID, "\"product\" %.80s is not among the products", product);
    return refuse(errors, "product", "unknown_product", err);
}

static enum status check_type(const struct rules *rules, const char *type, const char *product,
                              json_t **errors, struct error *err)
{
    const json_t *known = rules_find(rules, RULES_TYPES, type);

    if (type[0] == '\0')
        return AF_OK;
    if (known == NULL) {
        (void)error_set(err, AF_INVALID, "\"type\" %.80s is not among the problem types", type);
        return refuse(errors, "type", "unknown_type", err);
    }
    if (form_type_fits(known, product))
        return AF_OK;
    (void)error_set(err, AF_INVALID, "\"type\" %.80s is of other products than this", type);
    return refuse(errors, "type", "other_product", err);
}

enum status ticket_check_kind(const struct rules *rules, bool demand_product, const char *product,
                              const char *type, json_t **errors, struct error *err)
{
    enum status status = demand_product ? check_product(rules, product, errors, err) : AF_OK;

    return status == AF_OK ? check_type(rules, type, product, errors, err) : status;
}

/* --- afterwards ---------------------------------------------------------------------------- */

static const char *by(const struct who *who)
{
    return who->name[0] != '\0' ? who->name : role_name(who->role);
}

static const char *either(const json_t *body, const json_t *ticket, const char *member)
{
    const json_t *changed = json_object_get(body, member);

    return changed != NULL ? json_string_value(changed) : json_get_str(ticket, member);
}

/* Looked at with the ticket as it is: a type alone must fit the product that is there. */
static enum status decide_class(void *context, const struct rules *rules, const json_t *ticket,
                                int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const char *product = either(body, ticket, "product"), *type = either(body, ticket, "type");

    (void)context;
    (void)now_ms;
    (void)clocks;
    return ticket_check_kind(rules, json_object_get(body, "product") != NULL, product, type, NULL,
                             err);
}

#define ROUTE_ARENA_BYTES (4u << 20) /* 10,000 rules need 500 kB */

/* What routing says of the ticket as it is now. */
static enum status propose_group(struct app *app, uint32_t no, json_t **proposed, struct error *err)
{
    struct arena *arena = arena_new(ROUTE_ARENA_BYTES);
    struct route_answer answer;
    struct rules rules = {0};
    json_t *ticket = NULL;
    struct txn *txn;
    enum status status = arena != NULL ? store_begin_read(app_store(app), &txn, err)
                                       : error_set(err, AF_NO_MEMORY, "no memory for a ticket");

    if (status != AF_OK) {
        arena_free(arena);
        return status;
    }
    if ((status = ticket_load(txn, no, &ticket, err)) == AF_OK)
        status = rules_load_in(app, txn, &rules, err);
    txn_abort(txn);
    if (status == AF_OK) {
        const struct route_question question = ticket_route_question(ticket, clock_now_ms());

        status = route_find(&rules, &question, arena, &answer, err);
    }
    if (status == AF_OK && (*proposed = route_answer_json(&answer)) == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status == AF_OK) {
        (void)json_object_del(*proposed, "rules");
        (void)json_object_del(*proposed, "people");
        (void)json_object_del(*proposed, "off_duty");
    }
    json_decref(ticket);
    rules_release(&rules);
    arena_free(arena);
    return status;
}

static enum status class_body(const struct who *who, uint32_t no, const struct ticket_class *class,
                              json_t **body, struct error *err)
{
    const struct {
        const char *member;
        struct bytes value;
        size_t bytes_max;
    } members[] = {
        {"product", class->product, TICKET_TITLE_BYTES_MAX},
        {"type",    class->type,    RULES_ID_BYTES_MAX    },
        {"class",   class->class,   32                    },
    };
    bool ok = true;

    *body = json_pack("{s:I,s:s,s:o}", "ticket", (json_int_t)no, "by", by(who), "reason",
                      json_from_bytes(class->reason));
    for (size_t i = 0; i < 3; i++) {
        enum status status =
            ticket_check_text(members[i].member, members[i].value, members[i].bytes_max, err);

        if (status != AF_OK) {
            json_decref(*body);
            return status;
        }
        if (members[i].value.data != NULL)
            json_put(*body, members[i].member, json_from_bytes(members[i].value), &ok);
    }
    if (ok)
        return AF_OK;
    json_decref(*body);
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

enum status ticket_classify(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_class *class, json_t **proposed, struct error *err)
{
    const struct ticket_change change = {
        .kind = "ticket.classify", .moment = MOMENT_NOTE, .decide = decide_class};
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("reason", class->reason, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = class_body(who, no, class, &body, err)) != AF_OK ||
        (status = ticket_change(app, who, no, &change, body, NULL, err)) != AF_OK)
        return status;
    return propose_group(app, no, proposed, err);
}
