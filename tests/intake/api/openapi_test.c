/* The description against the program: routes both ways, problems, limits, names. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/api/api.h"
#include "intake/channel.h"
#include "intake/ticket/ticket_flow.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

extern const uint8_t openapi_json_begin[], openapi_json_end[];

static json_t *doc; /* of the group */

static int load(void **state)
{
    struct error err;

    (void)state;
    assert_ok(json_parse(
        bytes_of(openapi_json_begin, (size_t)(openapi_json_end - openapi_json_begin)), &doc, &err));
    return 0;
}

static int unload(void **state)
{
    (void)state;
    json_decref(doc);
    return 0;
}

/* The node behind "#/a/b~1c"; NULL when there is none. */
static json_t *resolve(const char *ref)
{
    json_t *node = doc;
    char part[128];

    if (*ref++ != '#')
        return NULL; /* another file: not here */
    while (node != NULL && *ref == '/') {
        size_t len = 0;

        for (ref++; *ref != '\0' && *ref != '/' && len + 1 < sizeof part; ref++) {
            bool is_escape = *ref == '~' && (ref[1] == '0' || ref[1] == '1');

            part[len++] = is_escape ? (ref[1] == '0' ? '~' : '/') : *ref;
            ref += is_escape;
        }
        part[len] = '\0';
        node = json_object_get(node, part);
    }
    return *ref == '\0' ? node : NULL;
}

static json_t *follow(json_t *node)
{
    const char *ref = json_get_str(node, "$ref");

    return ref[0] == '\0' ? node : resolve(ref);
}

/* "/x/{id...}" is written "/x/{id}" there. */
static void described_path(const char *pattern, char path[128])
{
    size_t len = 0;

    for (; *pattern != '\0' && len + 1 < 128; pattern++) {
        if (strncmp(pattern, "...}", 4) == 0)
            pattern += 3;
        path[len++] = *pattern;
    }
    path[len] = '\0';
}

static json_t *operation_of(const struct route *route)
{
    char path[128], method[16];
    size_t i;

    described_path(route->pattern, path);
    for (i = 0; method_name(route->method)[i] != '\0'; i++)
        method[i] = (char)tolower((unsigned char)method_name(route->method)[i]);
    method[i] = '\0';
    return json_object_get(json_object_get(json_object_get(doc, "paths"), path), method);
}

static void it_is_openapi_3_1(void **state)
{
    (void)state;
    assert_string_equal("3.1.0", json_get_str(doc, "openapi"));
}

static void every_route_is_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_routes_count; i++)
        if (operation_of(&api_routes[i]) == NULL)
            fail_msg("%s %s is not in openapi.json", method_name(api_routes[i].method),
                     api_routes[i].pattern);
}

static bool is_routed(const char *path, const char *method)
{
    for (size_t i = 0; i < api_routes_count; i++) {
        char known[128];

        described_path(api_routes[i].pattern, known);
        if (strcmp(known, path) == 0 && strcasecmp(method_name(api_routes[i].method), method) == 0)
            return true;
    }
    return false;
}

static void every_described_operation_has_a_route(void **state)
{
    const char *path, *method;
    json_t *item, *operation;

    (void)state;
    json_object_foreach(json_object_get(doc, "paths"), path, item)
    {
        json_object_foreach(item, method, operation)
        {
            if (strcmp(method, "parameters") != 0 && !is_routed(path, method))
                fail_msg("%s %s has no route", method, path);
        }
    }
}

static void check_refs(json_t *node)
{
    const char *ref = json_get_str(node, "$ref"), *name;
    json_t *child;
    size_t i;

    if (ref[0] != '\0' && resolve(ref) == NULL)
        fail_msg("%s leads nowhere", ref);
    json_object_foreach(node, name, child) check_refs(child);
    json_array_foreach(node, i, child) check_refs(child);
}

static void every_reference_leads_somewhere_in_the_file(void **state)
{
    (void)state;
    check_refs(doc);
}

static void operation_ids_are_unique(void **state)
{
    json_t *seen = json_object();

    (void)state;
    for (size_t i = 0; i < api_routes_count; i++) {
        const char *id = json_get_str(operation_of(&api_routes[i]), "operationId");

        assert_true(id[0] != '\0');
        assert_null(json_object_get(seen, id));
        assert_int_equal(0, json_object_set_new(seen, id, json_true()));
    }
    json_decref(seen);
}

static void a_call_with_a_body_names_its_limit_and_refusals(void **state)
{
    static const char *const codes[] = {"400", "411", "413", "415", "422"};

    (void)state;
    for (size_t i = 0; i < api_routes_count; i++) {
        const struct route *route = &api_routes[i];
        json_t *operation = operation_of(route);
        const json_t *body = json_object_get(operation, "requestBody");
        char limit[64];

        assert_int_equal(route->body_bytes_max > 0, body != NULL);
        if (body == NULL)
            continue;
        (void)snprintf(limit, sizeof limit, "At most %zu bytes.", route->body_bytes_max);
        if (strstr(json_get_str(body, "description"), limit) == NULL)
            fail_msg("%s does not say \"%s\"", route->pattern, limit);
        for (size_t c = 0; c < sizeof codes / sizeof codes[0]; c++)
            assert_non_null(json_object_get(json_object_get(operation, "responses"), codes[c]));
    }
}

static void path_parameters_are_described(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_routes_count; i++) {
        char path[128];
        const char *brace;
        json_t *item, *parameters, *parameter;
        bool found = false;
        size_t n;

        described_path(api_routes[i].pattern, path);
        if ((brace = strchr(path, '{')) == NULL)
            continue;
        item = json_object_get(json_object_get(doc, "paths"), path);
        parameters = json_object_get(item, "parameters");
        json_array_foreach(parameters, n, parameter)
        {
            const char *name = json_get_str(follow(parameter), "name");

            found = found || (strcmp(json_get_str(follow(parameter), "in"), "path") == 0 &&
                              strncmp(brace + 1, name, strlen(name)) == 0);
        }
        if (!found)
            fail_msg("%s: its parameter is not described", path);
    }
}

/* Finds "const" of a member inside the schema of a problem response. */
static const json_t *constant(const json_t *schema, const char *member)
{
    const json_t *part;
    size_t i;

    json_array_foreach(json_object_get(schema, "allOf"), i, part)
    {
        const json_t *value =
            json_object_get(json_object_get(json_object_get(part, "properties"), member), "const");

        if (value != NULL)
            return value;
    }
    return NULL;
}

static void every_problem_is_one_of_the_server_with_its_code_and_title(void **state)
{
    const char *name;
    json_t *response;
    size_t count = 0;

    (void)state;
    json_object_foreach(resolve("#/components/responses"), name, response)
    {
        const json_t *schema = json_object_get(
            json_object_get(json_object_get(response, "content"), "application/problem+json"),
            "schema");
        const char *type = json_string_value(constant(schema, "type"));
        const struct problem_kind *kind;

        assert_non_null(schema);
        if (strcmp(name, "Otherwise") == 0)
            continue;
        assert_non_null(type);
        kind = problem_find(NULL, 0, bytes_str(type + strlen(PROBLEM_PATH)));
        if (kind == NULL)
            fail_msg("there is no problem %s", type);
        assert_int_equal(kind->code, json_integer_value(constant(schema, "status")));
        assert_string_equal(kind->title, json_string_value(constant(schema, "title")));
        count++;
    }
    assert_true(count >= 12);
}

static void a_response_code_leads_to_the_problem_of_that_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < api_routes_count; i++) {
        const char *code;
        json_t *response;

        json_object_foreach(json_object_get(operation_of(&api_routes[i]), "responses"), code,
                            response)
        {
            const json_t *schema =
                json_object_get(json_object_get(json_object_get(follow(response), "content"),
                                                "application/problem+json"),
                                "schema");

            if (code[0] == '4')
                assert_int_equal(strtol(code, NULL, 10),
                                 json_integer_value(constant(schema, "status")));
        }
    }
}

static void assert_enum(const json_t *list, const char *const *names, size_t count)
{
    size_t found = 0, i;
    const json_t *item;

    for (size_t n = 0; n < count; n++)
        json_array_foreach(list, i, item)
        {
            found += strcmp(json_string_value(item), names[n]) == 0;
        }
    assert_int_equal(count, found);
}

static void states_events_and_channels_are_all_named(void **state)
{
    const char *states[TICKET_STATES], *events[TICKET_EVENTS];
    const json_t *channels = resolve("#/components/schemas/Consult/properties/channel/enum");
    const json_t *channel;
    char known[256] = "";
    size_t i;

    (void)state;
    for (unsigned n = 0; n < TICKET_STATES; n++)
        states[n] = ticket_state_name((enum ticket_state)n);
    for (unsigned n = 0; n < TICKET_EVENTS; n++)
        events[n] = ticket_event_name((enum ticket_event)n);
    assert_enum(resolve("#/components/schemas/TicketState/enum"), states, TICKET_STATES);
    assert_int_equal(TICKET_STATES,
                     json_array_size(resolve("#/components/schemas/TicketState/enum")));
    assert_enum(resolve("#/components/schemas/NewStep/properties/event/enum"), events,
                TICKET_EVENTS);
    json_array_foreach(channels, i, channel)
    {
        size_t len = strlen(known);

        assert_non_null(channel_find(bytes_str(json_string_value(channel))));
        (void)snprintf(known + len, sizeof known - len, "%s%s", len == 0 ? "" : ", ",
                       json_string_value(channel));
    }
    assert_string_equal(channel_names(), known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_openapi_3_1),
        cmocka_unit_test(every_route_is_described),
        cmocka_unit_test(every_described_operation_has_a_route),
        cmocka_unit_test(every_reference_leads_somewhere_in_the_file),
        cmocka_unit_test(operation_ids_are_unique),
        cmocka_unit_test(a_call_with_a_body_names_its_limit_and_refusals),
        cmocka_unit_test(path_parameters_are_described),
        cmocka_unit_test(every_problem_is_one_of_the_server_with_its_code_and_title),
        cmocka_unit_test(a_response_code_leads_to_the_problem_of_that_code),
        cmocka_unit_test(states_events_and_channels_are_all_named),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
