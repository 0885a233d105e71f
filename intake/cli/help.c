#include "intake/cli/help.h"

#include <lmdb.h>

#define NAME_COLUMN 18 /* of the lists: as wide as the longest name and a little */

static void print_commands(FILE *out, const char *group)
{
    size_t len = group == NULL ? 0 : strlen(group);

    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const struct cli_command *c = cli_commands[i];

        if (len == 0 || (strncmp(c->name, group, len) == 0 && c->name[len] == ' '))
            (void)fprintf(out, "  %-*s%s\n", NAME_COLUMN, c->name, c->summary);
    }
}

int help_all(FILE *out)
{
    (void)fputs("askfirst answers a question from a library of solved cases before it becomes a "
                "ticket.\n\n"
                "usage: askfirst [--data DIR] [--json] COMMAND ...\n\n"
                "commands:\n",
                out);
    print_commands(out, NULL);
    (void)fprintf(out, "  %-*s%s\n", NAME_COLUMN, "help [COMMAND]", "this, or about one command");
    (void)fputs(
        "\noptions:\n"
        "  --data DIR        the folder of the data; else $ASKFIRST_DATA, else\n"
        "                    $XDG_DATA_HOME/askfirst, else ~/.local/share/askfirst\n"
        "  --json            one JSON value on standard output\n"
        "  --version         which program this is\n"
        "  --help            this; after a command: about the command\n"
        "\nExit code: 0 done, 1 done in part or an error, 2 the command was not understood.\n",
        out);
    return CLI_DONE;
}

int help_command(const struct cli_command *command)
{
    (void)printf("usage: askfirst [--data DIR] %s%s%s\n\n%s.\n", command->name,
                 command->args[0] == '\0' ? "" : " ", command->args, command->summary);
    if (command->details[0] != '\0')
        (void)printf("\n%s", command->details);
    (void)fputs("\noptions:\n", stdout);
    for (size_t i = 0; command->options != NULL && command->options[i].name != NULL; i++) {
        const struct cli_option *option = &command->options[i];
        int room = (int)strlen(option->name) + 4;

        (void)printf("  --%s", option->name);
        if (option->value != NULL) {
            (void)printf(" %s", option->value);
            room += (int)strlen(option->value) + 1;
        }
        (void)printf("%*s%s\n", room < 22 ? 22 - room : 2, "", option->help);
    }
    (void)fputs("  --json              one JSON value on standard output\n"
                "  --data DIR          the folder of the data\n"
                "  --help              this\n",
                stdout);
    return CLI_DONE;
}

int help_group(const char *group, const char *word)
{
    bool is_wanted = word != NULL && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0);
    FILE *out = is_wanted ? stdout : stderr;

    if (is_wanted)
        (void)fprintf(out, "commands of askfirst %s:\n", group);
    else if (word == NULL)
        (void)fprintf(out, "askfirst: say what to do with %s:\n", group);
    else
        (void)fprintf(out, "askfirst: there is no command %s %s, but there is:\n", group, word);
    print_commands(out, group);
    return is_wanted ? CLI_DONE : CLI_USAGE;
}

int help_words(int count, char **words)
{
    if (count == 0)
        return help_all(stdout);
    for (size_t i = 0; cli_commands[i] != NULL; i++) {
        const char *name = cli_commands[i]->name;
        size_t len = strlen(words[0]);

        if (strncmp(name, words[0], len) != 0)
            continue;
        if (name[len] == '\0' ||
            (name[len] == ' ' && count > 1 && strcmp(name + len + 1, words[1]) == 0))
            return help_command(cli_commands[i]);
        if (name[len] == ' ' && count == 1)
            return help_group(words[0], "--help");
    }
    cli_say("there is no command %s; see: askfirst --help", words[0]);
    return CLI_USAGE;
}

int help_version(bool json)
{
    if (json)
        (void)printf("{\"version\":\"%s\",\"store_format\":%d,\"lmdb\":\"%s\"}\n", ASKFIRST_VERSION,
                     STORE_FORMAT, mdb_version(NULL, NULL, NULL));
    else
        (void)printf("askfirst %s (store format %d, %s)\n", ASKFIRST_VERSION, STORE_FORMAT,
                     mdb_version(NULL, NULL, NULL));
    return CLI_DONE;
}
