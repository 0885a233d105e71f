#include "intake/cli/faults.h"

#include "intake/cli/out.h"

#include <stdio.h>

struct faults faults_start(const struct cli *cli)
{
    return (struct faults){.list = cli->json ? json_array() : NULL};
}

void faults_release(struct faults *faults)
{
    json_decref(faults->list);
    faults->list = NULL;
}

void faults_add(void *context, const char *sentence)
{
    struct faults *faults = context;
    struct buf line = {0};

    faults->count++;
    out_add_plain(&line, bytes_str(sentence));
    if (faults->list != NULL) {
        (void)json_array_append_new(faults->list, json_from_bytes(buf_bytes(&line)));
    } else {
        buf_add_u8(&line, '\n');
        (void)out_print(&line);
    }
    buf_release(&line);
}

int faults_json(struct faults *faults, json_t *more)
{
    json_t *json = json_pack("{s:b,s:O}", "sound", faults->count == 0, "faults", faults->list);
    int code;

    (void)json_object_update(json, more);
    json_decref(more);
    code = out_json(json);
    return code != CLI_DONE || faults->count > 0 ? CLI_PART : CLI_DONE;
}
