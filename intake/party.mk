# How telephone numbers are made in each country, from libphonenumber's metadata.
PHONE_DATA  ?= /usr/lib/python3/dist-packages/phonenumbers/data

$O/gen/phone_plan.c: intake/party/phone_plan.awk $(PHONE_DATA)/__init__.py
	@mkdir -p $(@D)
	LC_ALL=C awk -f $< $(PHONE_DATA)/region_*.py > $@

$O/gen/phone_plan.o: $O/gen/phone_plan.c intake/party/phone_plan.h
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -c -o $@ $<

GENERATED_OBJ += $O/gen/phone_plan.o
