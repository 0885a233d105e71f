#include "tests/relevance/judged.h"

#include "data/base/hash.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 1024, LINE_BYTES = 1 << 20, DEPTH = 10, GRADES = 1024 };

static double discounted(double gain, size_t place) /* from 0 */
{
    return gain / log2((double)place + 2);
}

static int greatest_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x > y ? -1 : x < y;
}

static double ideal_of(json_t *grades)
{
    double gains[GRADES], sum = 0;
    const char *id;
    json_t *grade;
    size_t n = 0;

    json_object_foreach(grades, id, grade) if (n < GRADES) gains[n++] =
        (double)json_integer_value(grade);
    qsort(gains, n, sizeof *gains, greatest_first);
    for (size_t i = 0; i < n && i < DEPTH; i++)
        sum += discounted(gains[i], i);
    return sum;
}

/* question → case → grade */
static json_t *read_qrels(FILE *file, char *line)
{
    json_t *all = json_object();

    while (fgets(line, LINE_BYTES, file) != NULL) {
        char *rest, *question = strtok_r(line, "\t", &rest), *zero = strtok_r(NULL, "\t", &rest),
                    *id = strtok_r(NULL, "\t", &rest), *grade = strtok_r(NULL, "\t\n", &rest);
        json_t *grades;

        if (zero == NULL || grade == NULL || strtol(grade, NULL, 10) <= 0)
            continue;
        if ((grades = json_object_get(all, question)) == NULL) {
            grades = json_object();
            json_object_set_new(all, question, grades);
        }
        json_object_set_new(grades, id, json_integer(strtol(grade, NULL, 10)));
    }
    return all;
}

static unsigned half_of(struct bytes id)
{
    return (unsigned)(checksum64(0, &id, 1) & 1);
}

static void read_questions(FILE *file, char *line, json_t *qrels, struct judged_kind *out)
{
    out->questions = calloc(json_object_size(qrels), sizeof *out->questions);
    while (out->questions != NULL && fgets(line, LINE_BYTES, file) != NULL) {
        json_t *question = json_loads(line, 0, NULL);
        const char *id = json_string_value(json_object_get(question, "id"));
        json_t *grades = id == NULL ? NULL : json_object_get(qrels, id);

        if (grades != NULL && out->count < json_object_size(qrels))
            out->questions[out->count++] =
                (struct judged){json_incref(json_object_get(question, "text")), json_incref(grades),
                                ideal_of(grades), half_of(bytes_str(id))};
        json_decref(question);
    }
}

bool judged_read(const char *folder, const char *set, const char *kind, struct judged_kind *out)
{
    char path[PATH_BYTES], judged_as[PATH_BYTES / 4], *typo, *line = malloc(LINE_BYTES);
    FILE *qrels, *queries;
    json_t *all;

    *out = (struct judged_kind){0};
    snprintf(judged_as, sizeof judged_as, "%s", kind);
    if ((typo = strstr(judged_as, ".typo")) != NULL)
        *typo = '\0';
    snprintf(path, sizeof path, "%s/%s/qrels%s.tsv", folder, set, judged_as);
    qrels = fopen(path, "r");
    snprintf(path, sizeof path, "%s/%s/queries%s.jsonl", folder, set, kind);
    queries = fopen(path, "r");
    if (qrels != NULL && queries != NULL && line != NULL) {
        all = read_qrels(qrels, line);
        read_questions(queries, line, all, out);
        json_decref(all);
        snprintf(path, sizeof path, "%s%s", set, kind);
        out->name = strdup(path);
    }
    if (qrels != NULL)
        fclose(qrels);
    if (queries != NULL)
        fclose(queries);
    free(line);
    return out->name != NULL && out->count > 0;
}

void judged_release(struct judged_kind *kind)
{
    for (size_t i = 0; i < kind->count; i++) {
        json_decref(kind->questions[i].text);
        json_decref(kind->questions[i].grades);
    }
    free(kind->questions);
    free(kind->name);
}

double judged_ndcg(const struct judged *question, const struct bytes *ids, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count && i < DEPTH; i++) {
        json_t *grade = json_object_getn(question->grades, (const char *)ids[i].data, ids[i].len);

        if (grade != NULL)
            sum += discounted((double)json_integer_value(grade), i);
    }
    return question->ideal > 0 ? sum / question->ideal : 0;
}
