// xapian_driver.cpp: Xapian 1.4 behind the protocol of driver.h: glass, TermGenerator with CJK n-grams
// and English stems (STEM_SOME), the title with wdf 3, BM25 defaults, compacted. Words are ANDed;
// when nothing is found, the spelling dictionary's correction, then OR; FLAG_PARTIAL for unfinished
// words. Whole questions are an OR of pairs and stems.
//
// The QueryParser of 1.4 throws "parse error" on a fifth of the Chinese questions, so they are cut
// by TermGenerator. FLAG_SPELLING would add every n-gram, one by one, and make building twenty
// times slower, so Latin words are counted here and added once.

extern "C" {
#include "tests/bench/driver.h"
#include "tests/bench/text.h"
}

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>
#include <xapian.h>

namespace
{

using std::string;

const Xapian::termcount TITLE_WDF = 3, EXPANSIONS = 200;
const unsigned SPELLED_LETTERS_MIN = 4, SPELLED_BYTES_MAX = 40;

string to_string(struct bytes b)
{
    return string(reinterpret_cast<const char *>(b.data), b.len);
}

std::vector<struct run> runs_of(const string &text)
{
    std::vector<struct run> runs(RUNS_MAX);

    runs.resize(text_runs(bytes_of(text.data(), text.size()), runs.data()));
    return runs;
}

Xapian::TermGenerator generator()
{
    Xapian::TermGenerator terms;

    terms.set_stemmer(Xapian::Stem("english"));
    terms.set_stemming_strategy(Xapian::TermGenerator::STEM_SOME);
    terms.set_flags(Xapian::TermGenerator::FLAG_CJK_NGRAM);
    return terms;
}

Xapian::Document document(Xapian::TermGenerator &terms, const struct row &row)
{
    Xapian::Document document;

    terms.set_document(document);
    terms.index_text(to_string(row.title), TITLE_WDF);
    terms.increase_termpos();
    terms.index_text(to_string(row.body));
    document.set_data(to_string(row.id) + "\n" + to_string(row.title) + "\n" + to_string(row.body));
    return document;
}

// KB0000017 is document 18: numbers begin at 1.
Xapian::docid number_of(const struct row &row)
{
    return static_cast<Xapian::docid>(std::stoul(to_string(row.id).substr(2)) + 1);
}

class Session
{
  public:
    explicit Session(const string &dir) : database(dir), enquire(database)
    {
        parser.set_stemmer(Xapian::Stem("english"));
        parser.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
        parser.set_default_op(Xapian::Query::OP_AND);
        parser.set_database(database);
        parser.set_max_expansion(EXPANSIONS, Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT,
                                 Xapian::QueryParser::FLAG_PARTIAL |
                                     Xapian::QueryParser::FLAG_WILDCARD);
    }

    void search(const string &name, const string &question, struct hits *out)
    {
        string text;

        database.reopen();
        if (name == "q_sent") {
            run(sentence(question), out);
            return;
        }
        for (const struct run &run : runs_of(question))
            text += (text.empty() ? "" : " ") + to_string(run.text);
        if (!text.empty())
            words(name, text, out);
    }

  private:
    bool run(const Xapian::Query &query, struct hits *out)
    {
        enquire.set_query(query);
        Xapian::MSet hits = enquire.get_mset(0, HITS);
        for (auto hit = hits.begin(); hit != hits.end(); ++hit) {
            string data = hit.get_document().get_data();
            hits_add(out, data.data(), data.find('\n'));
        }
        return hits.size() > 0;
    }

    void words(const string &name, const string &text, struct hits *out)
    {
        static const std::vector<string> spelled = {"typo", "code", "mixed", "en2_4", "prefix"};
        unsigned flags = Xapian::QueryParser::FLAG_CJK_NGRAM;

        for (const string &one : spelled)
            if (one == name)
                flags |= Xapian::QueryParser::FLAG_SPELLING_CORRECTION;
        if (name == "prefix")
            flags |= Xapian::QueryParser::FLAG_PARTIAL;
        Xapian::Query all = parser.parse_query(text, flags);
        if (run(all, out))
            return;
        string better = parser.get_corrected_query_string();
        if (!better.empty() &&
            run(parser.parse_query(better, Xapian::QueryParser::FLAG_CJK_NGRAM), out))
            return;
        run(Xapian::Query(Xapian::Query::OP_OR, all.get_terms_begin(), all.get_terms_end()), out);
    }

    // Pairs of CJK characters and stems: single characters and the words themselves left out.
    static Xapian::Query sentence(const string &question)
    {
        Xapian::TermGenerator cut = generator();
        Xapian::Document document;
        std::vector<string> terms;

        cut.set_document(document);
        cut.index_text_without_positions(question);
        for (auto at = document.termlist_begin(); at != document.termlist_end(); ++at) {
            string term = *at;
            bool stem = term[0] == 'Z';
            auto first = static_cast<unsigned char>(term[stem]);
            bool character = first >= 0xE3 && (stem || term.size() <= 3);
            if (!character && (stem || !std::isalpha(first)))
                terms.push_back(term);
        }
        return Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end());
    }

    Xapian::Database database;
    Xapian::Enquire enquire;
    Xapian::QueryParser parser;
};

struct Engine {
    string dir;
    Xapian::WritableDatabase writer;
};

using Words = std::unordered_map<string, unsigned>;

void count_words(Words &words, struct bytes text)
{
    for (const struct run &run : runs_of(to_string(text))) {
        if (run.cjk || run.chars < SPELLED_LETTERS_MIN || run.text.len >= SPELLED_BYTES_MAX)
            continue;
        string word = to_string(run.text);
        for (char &letter : word)
            letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        words[word]++;
    }
}

void driver_build(const char *dir, const char *corpus, struct built *out)
{
    string rough = string(dir) + ".rough";
    struct rows rows;
    struct row row;
    Words words;

    setenv("XAPIAN_FLUSH_THRESHOLD", "50000", 1);
    {
        Xapian::WritableDatabase writer(rough, Xapian::DB_CREATE_OR_OVERWRITE);
        Xapian::TermGenerator terms = generator();

        rows_open(&rows, corpus);
        for (; rows_next(&rows, &row); out->docs++) {
            writer.replace_document(number_of(row), document(terms, row));
            count_words(words, row.title);
            count_words(words, row.body);
        }
        rows_close(&rows);
        for (const auto &[word, count] : words)
            writer.add_spelling(word, count);
        writer.commit();
    }
    Xapian::Database(rough).compact(dir);
    std::filesystem::remove_all(rough);
}

void *driver_open(const char *dir, bool write)
{
    auto *engine = new Engine{dir, {}};

    if (write)
        engine->writer = Xapian::WritableDatabase(dir, Xapian::DB_OPEN);
    return engine;
}

void *driver_session(void *engine)
{
    return new Session(static_cast<Engine *>(engine)->dir);
}

void driver_search(void *session, const char *name, const char *question, struct hits *out)
{
    static_cast<Session *>(session)->search(name, question, out);
}

void driver_save(void *engine, const char *article)
{
    auto *e = static_cast<Engine *>(engine);
    Xapian::TermGenerator terms = generator();
    struct row row;

    if (!row_parse(bytes_str(article), &row))
        die("xapian: an article has too few fields");
    e->writer.replace_document(number_of(row), document(terms, row));
    e->writer.commit();
}

void driver_close(void *engine)
{
    delete static_cast<Engine *>(engine);
}

} // namespace

int main(int argc, char **argv)
{
    struct driver driver = {};

    driver.build = driver_build;
    driver.open = driver_open;
    driver.session = driver_session;
    driver.search = driver_search;
    driver.save = driver_save;
    driver.close = driver_close;
    try {
        return driver_main(&driver, argc, argv);
    } catch (const Xapian::Error &error) {
        die("xapian: %s", error.get_description().c_str());
    }
}
