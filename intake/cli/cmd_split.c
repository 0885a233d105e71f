/* A ticket out of posts of another. */
#include "intake/cli/commands.h"

#include "intake/cli/out.h"
#include "intake/cli/ticket_show.h"
#include "intake/desk/ticket_split.h"

#include <stdio.h>
#include <stdlib.h>

enum { POSTS, TITLE, CLASS, SEVERITY, PRODUCT, REASON, KEY };

static const struct cli_option options[] = {
    {"posts",        "N,N",  "which posts of its thread; 0: the words it was opened with"},
    {"title",        "TEXT", "of the new ticket"                                         },
    {"class",        "C",    "of the new ticket (default: as the old one)"               },
    {"severity",     "S",    "S1 to S4 (default: as the old one)"                        },
    {"product",      "P",    "what it is about (default: as the old one)"                },
    {"reason",       "TEXT", "why"                                                       },
    {"key",          "TEXT", "the same key again gives the same ticket, not a new one"   },
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP                                         },
    {NULL,           NULL,   NULL                                                        },
};

/* "2,3"; NULL: it is no such list. */
static json_t *parse_posts(const char *text)
{
    json_t *list = json_array();

    while (list != NULL && *text >= '0' && *text <= '9') {
        char *end;
        const unsigned long no = strtoul(text, &end, 10);

        if (no > TICKET_POSTS_MAX || json_array_append_new(list, json_integer((json_int_t)no)) != 0)
            break;
        if (*end == '\0')
            return list;
        text = *end == ',' ? end + 1 : end;
        if (*end != ',')
            break;
    }
    json_decref(list);
    return NULL;
}

static int show_opened(const struct cli *cli, uint32_t old, const struct ticket_opened *opened)
{
    if (cli->json)
        return out_json(json_pack("{s:s,s:I,s:I,s:o}", "ticket", opened->name, "n",
                                  (json_int_t)opened->no, "split_from", (json_int_t)old,
                                  "follow_up_url", json_sprintf("/t/%s", opened->follow_up)));
    (void)printf("ticket %s\nThe customer follows it at /t/%s on the server's address.\n",
                 opened->name, opened->follow_up);
    return CLI_DONE;
}

static enum status split(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    struct ticket_opened opened;
    json_t *posts = parse_posts(cli_given(cli, POSTS) ? cli->values[POSTS] : "");
    const struct ticket_split_input input = {
        .posts = posts,
        .title = cli_value(cli, TITLE),
        .class = cli_value(cli, CLASS),
        .severity = cli_value(cli, SEVERITY),
        .product = cli_value(cli, PRODUCT),
        .reason = cli_value(cli, REASON),
        .key = cli->values[KEY],
    };
    uint32_t no = 0;
    enum status status;

    (void)ticket_word(cli, 0, &no);
    if (posts == NULL)
        return error_set(err, AF_INVALID, "--posts is a list of posts like 2,3; at most %d",
                         TICKET_POSTS_MAX);
    status = ticket_split(work->app, &work->who, no, &input, &opened, err);
    json_decref(posts);
    if (status == AF_OK)
        work->code = show_opened(cli, no, &opened);
    return status;
}

static int run(struct cli *cli)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) ? cli_with_app(cli, APP_WRITE, split) : CLI_USAGE;
}

const struct cli_command cmd_ticket_split = {
    .name = "ticket split",
    .args = "N --posts N,N --title TEXT [--reason TEXT]",
    .summary = "Open a ticket out of posts of another",
    .details = "Its clocks begin with the first of them; internal ones become notes of it. The\n"
               "old ticket keeps all it has, and each says what it is to the other.\n",
    .options = options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run,
};
