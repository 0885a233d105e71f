/* The company: a desk in Shanghai with a lunch break, holidays and make-up days, experts there, and
 * developers in New York, whose clocks change twice. */
#include "tests/year/year.h"

#include "intake/rules/rules.h"

#define WORKDAYS(hours)                                                                            \
    "'mon':[" hours "],'tue':[" hours "],'wed':[" hours "],'thu':[" hours "],'fri':[" hours "]"
#define SHANGHAI "'09:00-12:00','13:00-18:00'"
#define ALWAYS "'00:00-24:00'"

/* clang-format off */
static const struct {
    enum rules_kind kind;
    const char *text;
} documents[] = {
    {RULES_CALENDARS,
     "{'calendars':["
     "{'name':'24x7','zone':'UTC','week':{" WORKDAYS(ALWAYS) ",'sat':[" ALWAYS "],"
     "'sun':[" ALWAYS "]}},"
     "{'name':'office','zone':'Asia/Shanghai','week':{" WORKDAYS(SHANGHAI) "},"
     "'closed':[{'from':'2026-01-01','to':'2026-01-01'},{'from':'2026-02-16','to':'2026-02-22'},"
     "{'from':'2026-10-01','to':'2026-10-07'}],"
     "'open':[{'date':'2026-02-14'},{'date':'2026-10-10'}]},"
     "{'name':'new-york','zone':'America/New_York','week':{" WORKDAYS("'09:00-17:00'") "}}]}"},
    {RULES_PRODUCTS,
     "{'products':[{'id':'Router R1','kind':'box','line':'Nets'},"
     "{'id':'Switch S2','kind':'box','line':'Nets'},"
     "{'id':'Printer P3','kind':'box','line':'Prints'}]}"},
    {RULES_GROUPS,
     "{'groups':["
     "{'id':'desk','name':{'en':'Desk'},'ring':1,'calendar':'office','lead':'lead',"
     "'ola':{'S1':30,'S2':120,'S3':480,'S4':960},"
     "'people':[{'name':'lin.wei'},{'name':'mori'},{'name':'kim'}]},"
     "{'id':'switches','name':{'en':'Switches'},'ring':1,'calendar':'office',"
     "'ola':{'S1':30,'S2':90,'S3':300},'people':[{'name':'mori'},{'name':'kim'}]},"
     "{'id':'nets','name':{'en':'Networks'},'ring':2,'calendar':'office',"
     "'ola':{'S1':60,'S2':240,'S3':960},'people':[{'name':'chen'},{'name':'sato'}]},"
     "{'id':'prints','name':{'en':'Printers'},'ring':2,'calendar':'office',"
     "'people':[{'name':'park'}]},"
     "{'id':'rd','name':{'en':'Development'},'ring':3,'calendar':'new-york',"
     "'ola':{'S1':120,'S2':480},'people':[{'name':'smith'}]}]}"},
    {RULES_ROUTING,
     "{'rules':[{'id':'urgent-nets','line':'Nets','severity':'S1','group':'nets'},"
     "{'id':'prints','product':'Printer P3','group':'prints'}],'fallback':'desk'}"},
    {RULES_LEVELS,
     "{'default':'standard','levels':[{'id':'standard','calendar':'office','warn_percent':75,"
     "'targets':{'S1':{'respond':15,'restore':240,'resolve':1440,'calendar':'24x7'},"
     "'S2':{'respond':60,'restore':480,'resolve':2400},'S3':{'respond':240,'resolve':4800},"
     "'S4':{'respond':480,'resolve':9600}}}]}"},
};
/* clang-format on */

void year_rules(struct year *year)
{
    const struct who admin = who_staff(ROLE_ADMIN, "boss");

    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        json_t *doc = test_json_quoted(documents[i].text), *complaints = NULL;
        uint32_t version;
        struct error err;
        enum status status = rules_set(year->f->app, &admin, documents[i].kind, doc,
                                       RULES_ANY_VERSION, &version, &complaints, &err);

        if (complaints != NULL)
            fail_msg("%s", json_dumps(complaints, 0));
        if (status != AF_OK)
            fail_msg("%s", err.text);
        json_decref(doc);
    }
}
