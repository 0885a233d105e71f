/* forms: what is asked on a ticket beside title and text. What a form names must be so for it to
 * apply; of those that apply the most specific one is taken (form/form_find.h):
 *
 *   {"forms":[{"id":"router","name":{"en":"Router"}?,
 *              "class":"technical"?,"product":"NetHome HG8"?,"line":"home"?,"type":"fault"?,
 *              "fields":[{"id":"lights","kind":"choice","label":{"en":"Lights","ja":"ランプ"},
 *                         "help":{…}?,"required":true?,"choices":[{"id":"red","label":"Red"},…],
 *                         "when":{"field":"power","is":["yes"]}?},
 *                        {"id":"serial","kind":"serial","label":"Serial number",
 *                         "patterns":["HG8-######"]?,"placeholder":"HG8-123456"?}]}],
 *    "fallback":"general"}
 *
 * Kinds and what each may have beside id, kind, label, help, required and when: form/field_kind.h,
 * form/field_value.h. "when": the field is asked when an earlier one, which is asked always, has
 * one of these values. "fallback": the form of what no other is for.
 *
 * The forms that come with the program are examples as well: what they name need not be in an
 * organisation's own documents until it changes them. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"
#include "intake/form/field_value.h"

/* A field's place, and the fields before it. */
struct field_check {
    struct doc_check *check;
    const struct place *at;
    const json_t *fields, *item;
    size_t index;
    enum field_kind kind;
};

static void say(struct field_check *f, const char *member, const char *what)
{
    const struct place here = {f->at, member, 0};

    complain(f->check->complaints, &here, "%s", what);
}

/* Names of form elements on a page, of members in the API. */
static void check_id(struct field_check *f)
{
    const char *id = json_get_str(f->item, "id");

    for (const char *at = id; *at != '\0'; at++)
        if (!((*at >= 'a' && *at <= 'z') || *at == '_' || (at > id && *at >= '0' && *at <= '9'))) {
            say(f, "id", "small letters, digits and _, a letter first");
            return;
        }
}

static void check_members(struct field_check *f)
{
    static const char *const always[] = {"id", "kind", "label", "help", "required", "when", NULL};
    const char *member;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)f->item, member, value)
    {
        size_t i = 0;

        while (always[i] != NULL && strcmp(always[i], member) != 0)
            i++;
        if (always[i] == NULL && !field_kind_has(f->kind, member)) {
            const struct place here = {f->at, member, 0};

            complain(f->check->complaints, &here, "a field of kind %s has no such member",
                     field_kind_name(f->kind));
        }
    }
}

static void check_flag(struct field_check *f, const char *member)
{
    const json_t *flag = json_object_get(f->item, member);

    if (flag != NULL && !json_is_boolean(flag))
        say(f, member, "this is true or false");
}

static void check_choice(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id", "label", NULL};
    struct doc_list *list = context;

    want_only(list->check->complaints, at, item, members);
    (void)doc_want_id(list, at, item, "id");
    want_name(list->check->complaints, at, item, "label", true);
}

static void check_choices(struct field_check *f)
{
    if (f->kind != FIELD_CHOICE && f->kind != FIELD_CHOICES)
        return;
    if (json_array_size(json_object_get(f->item, "choices")) < 2)
        say(f, "choices", "two at least, or there is nothing to choose");
    doc_want_items(f->check, f->at, f->item, "choices", FORM_CHOICES_MAX, check_choice);
}

static void check_patterns(struct field_check *f)
{
    const json_t *patterns = json_object_get(f->item, "patterns"), *pattern;
    const struct place at = {f->at, "patterns", 0};
    size_t i;

    if (patterns == NULL)
        return;
    if (!json_is_array(patterns) || json_array_size(patterns) == 0 ||
        json_array_size(patterns) > FORM_PATTERNS_MAX)
        complain(f->check->complaints, &at, "a list of 1 to %d patterns", FORM_PATTERNS_MAX);
    json_array_foreach(patterns, i, pattern)
    {
        const struct place here = {&at, NULL, i};

        if (!json_is_string(pattern) ||
            !field_pattern_is_sound(
                bytes_of(json_string_value(pattern), json_string_length(pattern))))
            complain(f->check->complaints, &here,
                     "letters, digits, - / . _, # for a digit, @ for a letter, * for either, %% at "
                     "the end for the rest; at most %d",
                     FORM_PATTERN_BYTES_MAX);
    }
}

static void check_number(struct field_check *f)
{
    const json_t *min = json_object_get(f->item, "min"), *max = json_object_get(f->item, "max");

    if (min != NULL && !json_is_number(min))
        say(f, "min", "this is a number");
    if (max != NULL && !json_is_number(max))
        say(f, "max", "this is a number");
    if (min != NULL && max != NULL && json_number_value(min) > json_number_value(max))
        say(f, "max", "this is less than \"min\"");
    (void)want_number(f->check->complaints, f->at, f->item, "decimals", 0, 6, false);
    want_name(f->check->complaints, f->at, f->item, "unit", false);
}

static void check_lengths(struct field_check *f)
{
    struct complaints *complaints = f->check->complaints;
    int64_t most = field_kind_length_max(f->kind), max, min;

    if (!field_kind_has(f->kind, "length_max"))
        return;
    max = want_number(complaints, f->at, f->item, "length_max", 1, most, false);
    min = want_number(complaints, f->at, f->item, "length_min", 1, most, false);
    if (json_object_get(f->item, "length_max") == NULL)
        max = field_kind_length(f->kind);
    if (min > max)
        say(f, "length_min", "this is more than \"length_max\"");
}

/* --- when ----------------------------------------------------------------------------------- */

static const json_t *find_before(const struct field_check *f, const char *id)
{
    for (size_t i = 0; i < f->index; i++) {
        const json_t *field = json_array_get(f->fields, i);

        if (strcmp(json_get_str(field, "id"), id) == 0)
            return field;
    }
    return NULL;
}

static bool can_be(const json_t *field, const char *value)
{
    const json_t *choice;
    size_t i;

    if (strcmp(json_get_str(field, "kind"), "yes_no") == 0)
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
    json_array_foreach(json_object_get(field, "choices"), i, choice)
    {
        if (strcmp(json_get_str(choice, "id"), value) == 0)
            return true;
    }
    return false;
}

static void check_values(struct field_check *f, const struct place *at, const json_t *when,
                         const json_t *field)
{
    const json_t *list = json_object_get(when, "is"), *value;
    const struct place is_at = {at, "is", 0};
    size_t i;

    if (!json_is_array(list) || json_array_size(list) == 0)
        complain(f->check->complaints, &is_at, "a list of values, one of which the field has");
    json_array_foreach(list, i, value)
    {
        const struct place here = {&is_at, NULL, i};

        if (!json_is_string(value) || !can_be(field, json_string_value(value)))
            complain(f->check->complaints, &here, "the field cannot be that");
    }
}

/* One level: what is asked only sometimes decides nothing, so that a page without script can say
 * in a few words when a field is asked. */
static void check_when(struct field_check *f)
{
    static const char *const members[] = {"field", "is", NULL};
    const json_t *when = json_object_get(f->item, "when"), *field;
    const struct place at = {f->at, "when", 0}, field_at = {&at, "field", 0};
    const char *id;

    if (when == NULL)
        return;
    if (!json_is_object(when)) {
        say(f, "when", "an object, {\"field\",\"is\":[…]}");
        return;
    }
    want_only(f->check->complaints, &at, when, members);
    id = want_text(f->check->complaints, &at, when, "field", RULES_ID_BYTES_MAX, true);
    field = find_before(f, id);
    if (id[0] == '\0')
        return;
    if (field == NULL)
        complain(f->check->complaints, &field_at, "no field before this one is called \"%.60s\"",
                 id);
    else if (json_object_get(field, "when") != NULL)
        complain(f->check->complaints, &field_at,
                 "\"%.60s\" is asked only sometimes itself: one level is all there is", id);
    else
        check_values(f, &at, when, field);
}

/* --- fields and forms ----------------------------------------------------------------------- */

static void check_field(void *context, const struct place *at, const json_t *item)
{
    struct doc_list *list = context;
    struct complaints *complaints = list->check->complaints;
    const struct place kind_at = {at, "kind", 0};
    /* want_list's place: its index is the field's, and the list is one up */
    struct field_check f = {.check = list->check, .at = at, .item = item, .index = at->index};
    const char *kind = want_text(complaints, at, item, "kind", RULES_ID_BYTES_MAX, true);

    (void)doc_want_id(list, at, item, "id");
    want_name(complaints, at, item, "label", true);
    want_prose(complaints, at, item, "help", FORM_HELP_BYTES_MAX, false);
    want_name(complaints, at, item, "placeholder", false);
    if (kind[0] == '\0')
        return;
    if (!field_kind_parse(bytes_str(kind), &f.kind)) {
        complain(complaints, &kind_at, "this is %s", field_kind_names());
        return;
    }
    f.fields = list->of;
    check_id(&f);
    check_members(&f);
    check_flag(&f, "required");
    check_flag(&f, "past");
    if (f.kind == FIELD_FILE && json_get_bool(item, "required"))
        say(&f, "required", "a file is wanted, never required: it comes after the ticket is there");
    check_choices(&f);
    check_patterns(&f);
    if (f.kind == FIELD_NUMBER)
        check_number(&f);
    check_lengths(&f);
    check_when(&f);
}

/* What a page sends of it: each choice of several is one. */
static void check_inputs(struct doc_check *check, const struct place *at, const json_t *form)
{
    const struct place fields_at = {at, "fields", 0};
    const json_t *field;
    size_t inputs = 0, i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        inputs += strcmp(json_get_str(field, "kind"), "choices") == 0
                      ? json_array_size(json_object_get(field, "choices"))
                      : 1;
    }
    if (inputs > FORM_INPUTS_MAX)
        complain(check->complaints, &fields_at,
                 "at most %d boxes on one form, of which a choice of several has one for each",
                 FORM_INPUTS_MAX);
}

static bool has_line(const struct rules *rules, const char *line)
{
    const json_t *product;
    size_t i;

    json_array_foreach(json_object_get(rules->docs[RULES_PRODUCTS], "products"), i, product)
    {
        if (strcmp(json_get_str(product, "line"), line) == 0)
            return true;
    }
    return false;
}

static void check_conditions(struct doc_check *check, const struct place *at, const json_t *item)
{
    static const char *const classes[] = {"technical", "parts", "non_technical", "complaint", NULL};
    const struct place line_at = {at, "line", 0};
    const json_t *products = json_object_get(check->rules->docs[RULES_PRODUCTS], "products");
    const char *line = want_text(check->complaints, at, item, "line", RULES_ID_BYTES_MAX, false);
    bool is_example = check->root != NULL && check->rules->versions[RULES_FORMS] == 0;

    (void)want_word(check->complaints, at, item, "class", classes, false);
    if (is_example)
        return;
    doc_want_reference(check, at, item, "type", RULES_TYPES, false);
    if (json_array_size(products) == 0) /* the tree is not kept, and any name is taken */
        return;
    doc_want_reference(check, at, item, "product", RULES_PRODUCTS, false);
    if (line[0] != '\0' && !has_line(check->rules, line))
        complain(check->complaints, &line_at, "no product is of line \"%.60s\"", line);
}

static void check_form(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id",   "name", "class",  "product",
                                          "line", "type", "fields", NULL};
    struct doc_list *list = context;
    struct doc_check *check = list->check;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(list, at, item, "id");
    want_name(check->complaints, at, item, "name", false);
    check_conditions(check, at, item);
    doc_want_items(check, at, item, "fields", FORM_FIELDS_MAX, check_field);
    check_inputs(check, at, item);
}

void doc_forms_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"forms", "fallback", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "forms", RULES_ENTRIES_MAX, check_form);
    doc_want_reference(check, check->root, doc, "fallback", RULES_FORMS, true);
}
