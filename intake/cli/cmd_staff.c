#include "intake/cli/commands.h"

#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/staff.h"
#include "intake/token.h"

#include <sodium.h>
#include <stdio.h>

#define ROLES "engineer, author, supervisor or admin"

enum { ROLE, SCOPE };

static const struct cli_option token_options[] = {
    {"role",  "ROLE", ROLES                                                         },
    {"scope", "S",    "only for: search:read tickets:read tickets:write cases:write"},
    {NULL,    NULL,   NULL                                                          },
};

static const struct cli_option account_options[] = {
    {"role", "ROLE", ROLES},
    {NULL,   NULL,   NULL },
};

static bool take_role(const struct cli *cli, enum role *role)
{
    if (!cli_given(cli, ROLE)) {
        (void)cli_usage(cli, "--role is missing: " ROLES);
        return false;
    }
    if (role_parse(cli_value(cli, ROLE), role) && *role != ROLE_CUSTOMER)
        return true;
    (void)cli_usage(cli, "there is no staff role %s, but " ROLES, cli->values[ROLE]);
    return false;
}

static enum status make_token(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    char text[TOKEN_BYTES];
    enum role role = ROLE_CUSTOMER;
    enum status status;

    (void)role_parse(cli_value(cli, ROLE), &role);
    status = token_new(work->app, &work->who, role, cli_given(cli, SCOPE) ? cli->values[SCOPE] : "",
                       text, err);
    if (status != AF_OK)
        return status;
    if (cli->json)
        work->code = out_json(json_pack("{s:s,s:s}", "token", text, "role", role_name(role)));
    else
        (void)printf("%s\n", text);
    if (!cli->json && out_is_terminal())
        cli_say("this is shown once; only its hash is kept");
    sodium_memzero(text, sizeof text);
    return AF_OK;
}

static int run_token(struct cli *cli)
{
    enum role role;

    return take_role(cli, &role) ? cli_with_app(cli, APP_WRITE, make_token) : CLI_USAGE;
}

const struct cli_command cmd_token_new = {
    .name = "token new",
    .args = "--role ROLE [--scope S]",
    .summary = "Make a token for a program that calls the API; shown once",
    .details = "",
    .options = token_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_token,
};

static enum status set_account(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct buf password = {0};
    enum role role = ROLE_CUSTOMER;
    enum status status = input_password(&password, err);

    (void)role_parse(cli_value(cli, ROLE), &role);
    if (status == AF_OK)
        status = staff_set(work->app, &work->who, cli->rest[0], role, buf_bytes(&password), err);
    if (status == AF_OK && cli->json)
        work->code =
            out_json(json_pack("{s:s,s:s}", "name", cli->rest[0], "role", role_name(role)));
    else if (status == AF_OK)
        (void)printf("The account %s (%s) is set.\n", cli->rest[0], role_name(role));
    if (password.data != NULL)
        sodium_memzero(password.data, password.len);
    buf_release(&password);
    return status;
}

static int run_account(struct cli *cli)
{
    enum role role;

    return take_role(cli, &role) ? cli_with_app(cli, APP_WRITE, set_account) : CLI_USAGE;
}

const struct cli_command cmd_account_set = {
    .name = "account set",
    .args = "NAME --role ROLE",
    .summary = "Make an account for a person, or give it another password",
    .details = "The password is asked for, or read from standard input (one line).\n",
    .options = account_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_account,
};
