/* parties: what holds of who asks where neither his record nor his contract says:
 *
 *   {"country":"CN","zone":"Asia/Shanghai","enquiry_days":5,
 *    "no_data_level":"best_effort"?,"none_level":"emergency"?}
 *
 * "country": of phone numbers that name none (ISO 3166-1). "zone": whose days a contract is counted
 * in. "enquiry_days": until the answer to an enquiry is due. "no_data_level": the service level of
 * who has no contract or warranty that is known, "none_level" of whose has ended or does not cover
 * the product (who then is promised nothing but that an outage is restored: ticket_clocks.h);
 * without them the levels' "default". */
#include "intake/rules/docs.h"

#include "data/base/limits.h"
#include "intake/clock/zone.h"
#include "intake/party/phone.h"

void doc_parties_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"country",       "zone",       "enquiry_days",
                                          "no_data_level", "none_level", NULL};
    const struct place country_at = {check->root, "country", 0}, zone_at = {check->root, "zone", 0};
    const char *country = want_text(check->complaints, check->root, doc, "country", 2, true);
    const char *zone =
        want_text(check->complaints, check->root, doc, "zone", CALENDAR_NAME_BYTES_MAX, true);

    want_only(check->complaints, check->root, doc, members);
    if (country[0] != '\0' && !phone_has_country(country))
        complain(check->complaints, &country_at, "\"%.8s\" is no country like CN", country);
    if (zone[0] != '\0' && !zone_is_known(zone))
        complain(check->complaints, &zone_at, "\"%.64s\" is not a time zone like Asia/Shanghai",
                 zone);
    (void)want_number(check->complaints, check->root, doc, "enquiry_days", 1, ENQUIRY_DAYS_MAX,
                      true);
    doc_want_reference(check, check->root, doc, "no_data_level", RULES_LEVELS, false);
    doc_want_reference(check, check->root, doc, "none_level", RULES_LEVELS, false);
}
