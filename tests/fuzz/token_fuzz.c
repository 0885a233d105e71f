/* No bytes but a token that was given out open the door; session keys and follow-up keys neither.
 * There is one token, which no input can hold. */
#include "tests/fuzz/fuzz.h"

#include "data/base/hash.h"
#include "intake/desk/ticket.h"
#include "intake/staff.h"
#include "intake/token.h"

static struct app *make(void)
{
    struct who operator= who_operator();
    struct app *app;
    struct error err;
    char dir[64], token[TOKEN_BYTES];

    fuzz_dir_new(dir);
    ENSURE_OK(hash_start(&err));
    ENSURE_OK(app_open(dir, APP_WRITE, &app, &err));
    ENSURE_OK(token_new(app, &operator, ROLE_ENGINEER, "", token, &err));
    fuzz_dir_remove(dir);
    return app;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct app *app;
    static struct sessions *sessions;
    struct bytes text = bytes_of(data, size);
    struct who who;
    struct error err;
    uint32_t no;

    if (app == NULL) {
        app = make();
        ENSURE_OK(sessions_new(&sessions, &err));
    }
    ensure_refusal(token_check(app, text, &who, &err), &err, KIND(AF_DENIED));
    ensure_refusal(ticket_by_follow_up(app, text, &no, &err), &err, KIND(AF_NOT_FOUND));
    ENSURE(!staff_session(sessions, text, &who));
    staff_sign_out(sessions, text);
    return 0;
}
