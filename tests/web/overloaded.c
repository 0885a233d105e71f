/* overloaded.c: the program as it answers when the work limit was reached, which takes millions of
 * cases: the linker puts this search before the real one (web.mk). */
#include "search/search.h"

__typeof__(search_run) __real_search_run, __wrap_search_run;

enum status __wrap_search_run(struct searcher *searcher, const struct search_request *request,
                              struct arena *arena, struct search_result *out, struct error *err)
{
    enum status status = __real_search_run(searcher, request, arena, out, err);

    if (status == AF_OK)
        out->degraded = out->total_is_estimate = true;
    return status;
}
