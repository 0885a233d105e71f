/* analysis.c: what the steps from a text to its tokens cost, in CPU time an article.
 *
 *     build/release/tests/bench/analysis CORPUS.tsv [ARTICLES]
 *
 * The articles are read first; each step then goes over all of them, and the best of some rounds
 * counts, since the machine may be shared. `cutting` is analyzer_run without the folding in it. */
#include "tests/bench/driver.h"

#include "data/base/buf.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/fold.h"
#include "indexer/text/markup.h"
#include "tests/bench/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 9
#define ARTICLES 10000

enum step { STEP_MARKUP, STEP_FOLD, STEP_ANALYZE, STEP_COUNT };

struct bench {
    struct buf text; /* titles and bodies one after another */
    size_t *ends;    /* of each of the two of each article */
    size_t texts, room;
    uint64_t tokens;
    struct analyzer *analyzer;
    struct folder *folder;
    struct buf scratch;
    int64_t best_ns[STEP_COUNT];
};

static void add_text(struct bench *b, struct bytes text)
{
    if (b->texts == b->room) {
        b->room = b->room == 0 ? 4096 : b->room * 2;
        b->ends = realloc(b->ends, b->room * sizeof *b->ends);
        if (b->ends == NULL)
            die("no memory for the articles");
    }
    buf_add(&b->text, text);
    b->ends[b->texts++] = b->text.len;
}

static void read_articles(struct bench *b, const char *path, size_t most)
{
    struct rows rows;
    struct row row;

    rows_open(&rows, path);
    for (size_t i = 0; i < most && rows_next(&rows, &row); i++) {
        add_text(b, row.title);
        add_text(b, row.body);
    }
    rows_close(&rows);
    if (b->texts == 0 || !buf_ok(&b->text))
        die("%s: nothing to analyse", path);
}

static void take_step(struct bench *b, enum step step, struct bytes text)
{
    struct analysis analysis;
    struct folded folded;
    struct error err;

    if (step == STEP_MARKUP) {
        buf_clear(&b->scratch);
        markup_blank(text, &b->scratch);
    } else if (step == STEP_FOLD) {
        if (folder_run(b->folder, text, &folded, &err) != AF_OK)
            die("%s", err.text);
    } else {
        if (analyzer_run(b->analyzer, ANALYZE_DOCUMENT, text, &analysis, &err) != AF_OK)
            die("%s", err.text);
        b->tokens += analysis.count;
    }
}

static void measure(struct bench *b, enum step step)
{
    int64_t start_ns = process_cpu_ns(), ns;
    size_t start = 0;

    b->tokens = 0;
    for (size_t i = 0; i < b->texts; i++) {
        take_step(b, step, bytes_of(b->text.data + start, b->ends[i] - start));
        start = b->ends[i];
    }
    ns = process_cpu_ns() - start_ns;
    if (b->best_ns[step] == 0 || ns < b->best_ns[step])
        b->best_ns[step] = ns;
}

static void report(const char *name, int64_t ns, size_t articles, size_t bytes)
{
    printf("%-10s %6.2f us an article %7.0f MB/s\n", name, (double)ns / 1e3 / (double)articles,
           (double)bytes * 1e3 / (double)ns);
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    struct error err;
    size_t articles;

    if (argc < 2)
        die("usage: analysis CORPUS.tsv [ARTICLES]");
    if (analyzer_new(&b.analyzer, &err) != AF_OK || folder_new(&b.folder, &err) != AF_OK)
        die("%s", err.text);
    read_articles(&b, argv[1], argc > 2 ? strtoul(argv[2], NULL, 10) : ARTICLES);
    for (int round = 0; round < ROUNDS; round++)
        for (enum step step = 0; step < STEP_COUNT; step++)
            measure(&b, step);
    articles = b.texts / 2;
    printf("%zu articles, %zu bytes and %llu tokens each\n", articles, b.text.len / articles,
           (unsigned long long)b.tokens / articles);
    report("markup", b.best_ns[STEP_MARKUP], articles, b.text.len);
    report("folding", b.best_ns[STEP_FOLD], articles, b.text.len);
    report("cutting", b.best_ns[STEP_ANALYZE] - b.best_ns[STEP_FOLD], articles, b.text.len);
    report("all", b.best_ns[STEP_MARKUP] + b.best_ns[STEP_ANALYZE], articles, b.text.len);
    analyzer_free(b.analyzer);
    folder_free(b.folder);
    buf_release(&b.text);
    buf_release(&b.scratch);
    free(b.ends);
    return 0;
}
