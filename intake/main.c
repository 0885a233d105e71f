/* main.c: the process; what it does is in cli/. */
#include "intake/cli/cli.h"
#include "intake/cli/out.h"
#include "intake/cli/signals.h"

int main(int argc, char **argv)
{
    struct error err;

    (void)signal(SIGPIPE, SIG_IGN); /* a write then answers EPIPE, see out_finish */
    signals_watch_crashes();
    if (hash_start(&err) != AF_OK) {
        cli_say("%s", err.text);
        return CLI_PART;
    }
    return out_finish(cli_main(argc, argv));
}
