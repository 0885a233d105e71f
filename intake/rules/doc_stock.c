/* stock: where spare parts come from (备件库), and how soon:
 *
 *   {"points":[{"id":"central","name":{"en":"Central stock"},"calendar":"office",
 *               "promise":{"S1":240,"S2":450,"S3":900,"S4":2250},"return":4500?,
 *               "contact":{"name"?,"mail"?,"phone"?}?,"manager":"bo.he"?}]}
 *
 * "promise": minutes of the calendar's working time from a request to its shipping, by the ticket's
 * severity; "return": from a part's arrival until the defective one is back. Absent: none is
 * wanted back. The manager is told when a promise or a return is overdue; without one the ticket's
 * group is. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

static void check_point(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id",     "name",    "calendar", "promise",
                                          "return", "contact", "manager",  NULL};
    struct doc_list *points = context;
    struct doc_check *check = points->check;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(points, at, item, "id");
    want_name(check->complaints, at, item, "name", true);
    doc_want_reference(check, at, item, "calendar", RULES_CALENDARS, true);
    doc_want_minutes(check, at, item, "promise", true);
    (void)want_number(check->complaints, at, item, "return", 1, RULES_TARGET_MINUTES_MAX, false);
    doc_want_contact(check, at, item);
    (void)want_text(check->complaints, at, item, "manager", RULES_ID_BYTES_MAX, false);
}

void doc_stock_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"points", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "points", RULES_ENTRIES_MAX, check_point);
}
