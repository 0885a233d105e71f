/* Files of tickets on the command line: put to one, fetched from one, taken away. */
#include "intake/cli/commands.h"

#include "intake/attachment/upload.h"
#include "intake/cli/out.h"
#include "intake/cli/ticket_show.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_attach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE_BYTES 65536

static bool take_no(const struct cli *cli, uint32_t *no)
{
    if (ticket_parse_no(bytes_str(cli->rest[0]), no))
        return true;
    (void)cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012", cli->rest[0]);
    return false;
}

static bool take_id(const struct cli *cli, uint64_t *id)
{
    char *end;

    *id = strtoul(cli->rest[1], &end, 10);
    if (*end == '\0' && *id > 0)
        return true;
    (void)cli_usage(cli, "%s is not the number of a file: see `askfirst ticket show`",
                    cli->rest[1]);
    return false;
}

void ticket_files_add_plain(const json_t *ticket, struct buf *out)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(ticket, "files"), i, file)
    {
        buf_printf(out, "%-12s%llu ", "file", (unsigned long long)json_get_u64(file, "id"));
        out_add_plain(out, bytes_str(json_get_str(file, "name")));
        buf_printf(out, ", %s, %llu bytes%s%s\n", json_get_str(file, "type"),
                   (unsigned long long)json_get_u64(file, "bytes"),
                   json_get_bool(file, "internal") ? " (internal)" : "",
                   json_object_get(file, "removed") != NULL ? " (taken away)" : "");
    }
}

/* --- attach ------------------------------------------------------------------------------- */

enum { ATTACH_TEXT, ATTACH_INTERNAL };

static const struct cli_option attach_options[] = {
    {"text",     "T",  "what is said with them"  },
    {"internal", NULL, "hidden from the customer"},
    {NULL,       NULL, NULL                      },
};

static enum status read_in(int fd, const char *path, struct upload *upload, struct error *err)
{
    uint8_t piece[PIECE_BYTES];
    enum status status = AF_OK;
    ssize_t n = 1;

    while (status == AF_OK && n != 0) {
        n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        status = n < 0 ? error_set(err, AF_IO, "%s cannot be read: %s", path, strerror(errno))
                       : upload_take(upload, bytes_of(piece, (size_t)n), err);
    }
    return status;
}

static enum status begin_one(const struct cli *cli, const char *path, struct upload **out,
                             struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum status status;

    if (fd < 0)
        return error_set(err, AF_NOT_FOUND, "%s cannot be opened: %s", path, strerror(errno));
    *out = NULL;
    status = upload_begin(cli->dir, path, bytes_str(path), 0, out, err);
    if (status == AF_OK)
        status = read_in(fd, path, *out, err);
    if (status == AF_OK)
        status = upload_check(*out, err);
    (void)close(fd);
    if (status != AF_OK) {
        upload_abort(*out);
        *out = NULL;
    }
    return status;
}

/* All are read before the first is kept. */
static enum status take_files(const struct cli *cli, json_t *files, struct error *err)
{
    struct upload *uploads[ATTACHMENTS_A_POST_MAX] = {NULL};
    const unsigned count = cli->rest_count - 1;
    struct uploaded file;
    enum status status = AF_OK;

    for (unsigned i = 0; status == AF_OK && i < count; i++)
        status = begin_one(cli, cli->rest[i + 1], &uploads[i], err);
    for (unsigned i = 0; status == AF_OK && i < count; i++) {
        status = upload_end(uploads[i], &file, err);
        uploads[i] = NULL;
        if (status == AF_OK && json_array_append_new(files, uploaded_json(&file)) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for files");
    }
    for (unsigned i = 0; i < count; i++)
        upload_abort(uploads[i]);
    return status;
}

static enum status attach(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct ticket_post post = {.internal = cli_given(cli, ATTACH_INTERNAL),
                               .text = bytes_str(cli->values[ATTACH_TEXT])};
    json_t *files = json_array(), *ticket;
    uint32_t no = 0;
    enum status status;

    (void)ticket_parse_no(bytes_str(cli->rest[0]), &no);
    status = ticket_get(work->app, &work->who, no, &ticket, err); /* before anything is copied */
    if (status == AF_OK) {
        json_decref(ticket);
        status = take_files(cli, files, err);
    }
    post.files = files;
    if (status == AF_OK)
        status = ticket_reply_with(work->app, &work->who, no, &post, err);
    json_decref(files);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_attach(struct cli *cli)
{
    uint32_t no;

    if (cli->rest_count - 1 > ATTACHMENTS_A_POST_MAX)
        return cli_usage(cli, "at most %d files at once", ATTACHMENTS_A_POST_MAX);
    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, attach) : CLI_USAGE;
}

const struct cli_command cmd_ticket_attach = {
    .name = "ticket attach",
    .args = "N FILE...",
    .summary = "Put files to a ticket, as a post of their own",
    .details = "What a file is goes by its bytes; programs are not taken.\n",
    .options = attach_options,
    .rest_min = 2,
    .rest_max = CLI_REST_MANY,
    .run = run_attach,
};

/* --- fetch -------------------------------------------------------------------------------- */

enum { FETCH_OUT };

static const struct cli_option fetch_options[] = {
    {"out", "FILE", "write it there (-: to standard output); without it, under its own name"},
    {NULL,  NULL,   NULL                                                                    },
};

static enum status copy_out(int from, int to, const char *path, struct error *err)
{
    uint8_t piece[PIECE_BYTES];
    ssize_t n;

    while ((n = read(from, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR)) {
        for (ssize_t at = 0; at < n;) {
            ssize_t put = write(to, piece + at, (size_t)(n - at));

            if (put < 0 && errno != EINTR)
                return error_set(err, errno == ENOSPC ? AF_FULL : AF_IO, "cannot write %s: %s",
                                 path, strerror(errno));
            at += put > 0 ? put : 0;
        }
    }
    return n == 0 ? AF_OK : error_set(err, AF_IO, "cannot read the file: %s", strerror(errno));
}

static enum status write_out(const char *path, int from, struct error *err)
{
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum status status;

    if (to < 0)
        return error_set(err, errno == EEXIST ? AF_CONFLICT : AF_DENIED, "cannot write %s: %s",
                         path, strerror(errno));
    status = copy_out(from, to, path, err);
    if (close(to) != 0 && status == AF_OK)
        status = error_set(err, AF_IO, "cannot write %s: %s", path, strerror(errno));
    if (status != AF_OK)
        (void)unlink(path);
    return status;
}

static enum status fetch(struct cli_work *work, struct error *err)
{
    const char *out = work->cli->values[FETCH_OUT];
    const bool is_stdout = out != NULL && strcmp(out, "-") == 0;
    struct ticket_file file;
    uint32_t no = 0;
    uint64_t id = 0;
    enum status status;

    (void)(ticket_parse_no(bytes_str(work->cli->rest[0]), &no) && take_id(work->cli, &id));
    status = ticket_file_open(work->app, &work->who, no, id, &file, err);
    if (status != AF_OK)
        return status;
    if (out == NULL)
        out = file.name;
    status = is_stdout ? copy_out(file.fd, STDOUT_FILENO, "standard output", err)
                       : write_out(out, file.fd, err);
    (void)close(file.fd);
    if (status != AF_OK || is_stdout)
        return status;
    if (work->cli->json)
        work->code = out_json(json_pack("{s:s,s:s,s:I}", "file", out, "type", file.type->name,
                                        "bytes", (json_int_t)file.bytes));
    else
        (void)printf("%s: %s, %llu bytes\n", out, file.type->name, (unsigned long long)file.bytes);
    return AF_OK;
}

static int run_fetch(struct cli *cli)
{
    uint32_t no;
    uint64_t id;

    return take_no(cli, &no) && take_id(cli, &id) ? cli_with_app(cli, APP_READ, fetch) : CLI_USAGE;
}

const struct cli_command cmd_ticket_fetch = {
    .name = "ticket fetch",
    .args = "N ID",
    .summary = "Write a file of a ticket to the disk, verified",
    .details = "A file that is there already is left alone.\n",
    .options = fetch_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_fetch,
};

/* --- detach ------------------------------------------------------------------------------- */

enum { DETACH_REASON };

static const struct cli_option detach_options[] = {
    {"reason", "T",  "why it goes; required"},
    {NULL,     NULL, NULL                   },
};

static enum status detach(struct cli_work *work, struct error *err)
{
    uint32_t no = 0;
    uint64_t id = 0;
    enum status status;

    (void)(ticket_parse_no(bytes_str(work->cli->rest[0]), &no) && take_id(work->cli, &id));
    status = ticket_detach(work->app, &work->who, no, id,
                           bytes_str(work->cli->values[DETACH_REASON]), err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_detach(struct cli *cli)
{
    uint32_t no;
    uint64_t id;

    return take_no(cli, &no) && take_id(cli, &id) ? cli_with_app(cli, APP_WRITE, detach)
                                                  : CLI_USAGE;
}

const struct cli_command cmd_ticket_detach = {
    .name = "ticket detach",
    .args = "N ID --reason T",
    .summary = "Take a file of a ticket away, for good",
    .details = "Its place in the list stays, with who, when and why.\n",
    .options = detach_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_detach,
};
