#include "intake/api/api.h"

#include "intake/form/form_json.h"
#include "intake/site.h"

/* A parameter as text with its end; "" when it is absent. */
static const char *text_of(struct request *req, const char *name, const char *otherwise)
{
    struct bytes value = request_query(req, name);
    const char *text = value.len > 0 ? arena_str(req->arena, value) : NULL;

    return text != NULL ? text : otherwise;
}

/* What a page of ours shows to anybody: for programs that draw the form themselves. */
API_HANDLER(api_form)
{
    struct site *here = site;
    const struct form_question question = {text_of(req, "class", "technical"),
                                           text_of(req, "product", ""), text_of(req, "type", "")};
    struct bytes lang = request_query(req, "lang");
    struct rules rules;
    json_t *json;
    enum status status = rules_load_now(here->app, &rules, err);

    if (status != AF_OK)
        return status;
    json = form_json(&rules, &question, lang.len > 0 ? lang : site_language(req));
    rules_release(&rules);
    return reply_json(rep, 200, json, err);
}
