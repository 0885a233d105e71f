#include "intake/route/duty.h"

#include "intake/clock/calendar.h"

#include <stdlib.h>

/* Made once for each name that a group and its people use. */
struct hours {
    const char *name;
    struct calendar *calendar;
    bool is_worked;
    char date[CALENDAR_TEXT_BYTES]; /* as the clock there shows it: "2026-11-23 09:00" */
};

struct duty {
    const struct rules *rules;
    const struct route_question *question;
    struct hours *hours;
    size_t hours_count;
};

struct candidate {
    const json_t *person;
    size_t place; /* in the document */
    unsigned fit;
    bool is_on_duty;
};

static enum status find_hours(struct duty *duty, const char *name, struct hours **out,
                              struct error *err)
{
    struct hours *hours = duty->hours;
    int64_t start_ms, end_ms, at_ms = duty->question->at_ms;
    struct error why;
    enum status status;

    for (; hours < duty->hours + duty->hours_count; hours++)
        if (strcmp(hours->name, name) == 0) {
            *out = hours;
            return AF_OK;
        }
    *hours = (struct hours){.name = name};
    status = calendar_new(rules_find(duty->rules, RULES_CALENDARS, name), &hours->calendar, err);
    if (status != AF_OK)
        return status;
    duty->hours_count++;
    calendar_text(hours->calendar, at_ms, hours->date);
    status = calendar_next(hours->calendar, at_ms, &start_ms, &end_ms, &why);
    if (status != AF_OK && status != AF_NOT_FOUND) /* a calendar without hours: never on duty */
        return error_set(err, status, "%s", why.text);
    hours->is_worked = status == AF_OK && start_ms <= at_ms;
    *out = hours;
    return AF_OK;
}

/* Dates compare as text. */
static bool is_away(const json_t *person, const char *date)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(person, "away"), i, item)
    {
        if (strncmp(date, json_get_str(item, "from"), 10) >= 0 &&
            strncmp(date, json_get_str(item, "to"), 10) <= 0)
            return true;
    }
    return false;
}

static bool has_word(const json_t *list, const char *word)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (word[0] != '\0' && strcmp(json_string_value(item), word) == 0)
            return true;
    }
    return false;
}

/* The language counts for more than all skills: nobody is helped in one he cannot read. */
static unsigned fit_of(const struct duty *duty, const json_t *person)
{
    const char *product = duty->question->product != NULL ? duty->question->product : "";
    const char *type = duty->question->type != NULL ? duty->question->type : "";
    const char *lang = duty->question->lang != NULL ? duty->question->lang : "";
    const json_t *skills = json_object_get(person, "skills");
    const char *words[4] = {
        product, json_get_str(rules_find(duty->rules, RULES_PRODUCTS, product), "line"), type,
        json_get_str(rules_find(duty->rules, RULES_TYPES, type), "parent")};
    unsigned fit = has_word(json_object_get(person, "langs"), lang) ? 8 : 0;

    for (unsigned i = 0; i < 4; i++)
        fit += has_word(skills, words[i]);
    return fit;
}

/* The better fit first; alike, the document's order. */
static int compare(const void *a, const void *b)
{
    const struct candidate *one = a, *other = b;

    if (one->fit != other->fit)
        return one->fit > other->fit ? -1 : 1;
    return one->place < other->place ? -1 : 1;
}

static void choose(const struct candidate *candidates, size_t count, struct route_answer *answer)
{
    const char *named = json_get_str(answer->rule, "person");
    bool is_anybody = false;

    for (size_t i = 0; i < count; i++)
        is_anybody |= candidates[i].is_on_duty;
    answer->are_off_duty = !is_anybody;
    answer->people_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_anybody && !candidates[i].is_on_duty)
            continue;
        answer->fits[answer->people_count] = candidates[i].fit;
        answer->people[answer->people_count++] = candidates[i].person;
        if (strcmp(named, json_get_str(candidates[i].person, "name")) == 0)
            answer->named = candidates[i].person;
    }
}

static enum status look(struct duty *duty, const json_t *group, struct candidate *candidates,
                        size_t *count, struct error *err)
{
    const json_t *person;
    enum status status;
    size_t i;

    json_array_foreach(json_object_get(group, "people"), i, person)
    {
        const char *own = json_get_str(person, "calendar");
        struct hours *hours = NULL;

        status =
            find_hours(duty, own[0] != '\0' ? own : json_get_str(group, "calendar"), &hours, err);
        if (status != AF_OK)
            return status;
        if (!is_away(person, hours->date))
            candidates[(*count)++] =
                (struct candidate){person, i, fit_of(duty, person), hours->is_worked};
    }
    return AF_OK;
}

enum status duty_find(const struct rules *rules, const struct route_question *question,
                      struct arena *arena, struct route_answer *answer, struct error *err)
{
    size_t all = json_array_size(json_object_get(answer->group, "people")), count = 0;
    struct candidate *candidates = arena_array(arena, all + 1, sizeof *candidates);
    struct duty duty = {.rules = rules, .question = question};
    enum status status;

    duty.hours = arena_array(arena, all + 1, sizeof *duty.hours);
    answer->people = arena_array(arena, all + 1, sizeof(const json_t *));
    answer->fits = arena_array(arena, all + 1, sizeof *answer->fits);
    if (candidates == NULL || duty.hours == NULL || answer->people == NULL || answer->fits == NULL)
        return arena_exhausted(arena, err);
    status = look(&duty, answer->group, candidates, &count, err);
    if (status == AF_OK) {
        qsort(candidates, count, sizeof *candidates, compare);
        choose(candidates, count, answer);
    }
    for (size_t i = 0; i < duty.hours_count; i++)
        calendar_free(duty.hours[i].calendar);
    return status;
}

const json_t *duty_member(const json_t *group, const char *name)
{
    const json_t *person;
    size_t i;

    json_array_foreach(json_object_get(group, "people"), i, person)
    {
        if (strcmp(json_get_str(person, "name"), name) == 0)
            return person;
    }
    return NULL;
}

enum status duty_state_of(const struct rules *rules, const json_t *group, const json_t *person,
                          int64_t at_ms, enum duty_state *out, struct error *err)
{
    const struct route_question question = {.at_ms = at_ms};
    const char *own = json_get_str(person, "calendar");
    struct hours made = {0}, *hours = &made;
    struct duty duty = {.rules = rules, .question = &question, .hours = &made};
    enum status status =
        find_hours(&duty, own[0] != '\0' ? own : json_get_str(group, "calendar"), &hours, err);

    if (status == AF_OK)
        *out = is_away(person, hours->date) ? DUTY_AWAY : hours->is_worked ? DUTY_ON : DUTY_OFF;
    calendar_free(made.calendar);
    return status;
}
