# The pages: texts, templates and assets become C. The generators run while building, so they
# are always built plain, whatever MODE says.
WEB_GEN    := $O/gen/intake/web
WEB_I18N   := $(patsubst %,intake/web/i18n/%.json,zh-Hans zh-Hant en ja)
WEB_PAGES  := intake/web/layout.html \
              $(filter-out intake/web/layout.html,$(sort $(wildcard intake/web/*.html)))
WEB_ASSETS := intake/web/style.css intake/web/app.js intake/web/icon.svg

$O/gen/i18n_gen $O/gen/template_gen: $O/gen/%: intake/web/%.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -D_GNU_SOURCE -O1 $(WARN) $(CFLAGS) $(LDFLAGS) -o $@ $< \
	    $(shell pkg-config --cflags --libs jansson)

$(WEB_GEN)/i18n_keys.h: $O/gen/i18n_gen $(WEB_I18N)
	@mkdir -p $(@D)
	$< $@ $(WEB_GEN)/i18n_table.c $(WEB_I18N)

$(WEB_GEN)/i18n_table.c: $(WEB_GEN)/i18n_keys.h

$(WEB_GEN)/views.c: $O/gen/template_gen $(WEB_PAGES)
	@mkdir -p $(@D)
	$< $@ $(WEB_PAGES)

$(WEB_GEN)/assets.c: intake/web/embed.sh $(WEB_ASSETS)
	@mkdir -p $(@D)
	sh intake/web/embed.sh $(WEB_GEN) $(WEB_ASSETS)

$(WEB_GEN)/%.o: $(WEB_GEN)/%.c Makefile | $(GENERATED) $(WEB_GEN)/i18n_keys.h
	$(CC) $(CPPF) $(CPPFLAGS) $(BASE) $(CFLAGS) -MMD -MP -c -o $@ $<

GENERATED     += $(WEB_GEN)/i18n_keys.h
GENERATED_OBJ += $(WEB_GEN)/i18n_table.o $(WEB_GEN)/views.o $(WEB_GEN)/assets.o
