#include "modules/search/people.h"

#include <algorithm>

namespace jebi::search {

namespace {

constexpr std::size_t grams_max = 8;

void add(std::vector<std::uint64_t>& ids, const std::vector<Person>& people) {
    for (const Person& person : people) {
        if (std::ranges::find(ids, person.id) == ids.end()) ids.push_back(person.id);
    }
}

// "@minji" is looked for as "minji".
Query of_names(const Query& query) {
    Query names;
    for (const std::string& word : query.words) {
        const std::string name = word.starts_with('@') ? word.substr(1) : word;
        if (!name.empty()) names.words.push_back(name);
    }
    return names;
}

std::string in_one_line(const Query& query) {
    std::string all;
    for (const std::string& word : query.words)
        all += (all.empty() ? "" : " ") + word;
    return all;
}

Result<std::vector<Person>> people_with_words(const Call& call, Store& store, const Query& query) {
    std::vector<Gram> grams = query.grams();
    if (grams.size() > grams_max) grams.resize(grams_max);
    TRY(auto people, store.people_with(call, grams, people_looked_at_max));
    std::erase_if(people, [&](const Person& person) {
        return !query.fits(person.username + "\n" + person.display_name);
    });
    return people;
}

}  // namespace

Result<std::vector<std::uint64_t>> people(const Call& call, Store& store, const Query& query,
                                          std::size_t limit) {
    const Query names = of_names(query);
    std::vector<std::uint64_t> ids;
    if (names.words.empty()) return ids;
    const std::string name = in_one_line(names);
    const auto at_most = static_cast<std::uint32_t>(limit);
    TRY(const auto exact, store.people_named(call, name, at_most));
    add(ids, exact);
    TRY(const auto beginning, store.people_from(call, name, at_most));
    if (ids.size() < limit) add(ids, beginning);
    if (ids.size() < limit) {
        TRY(const auto others, people_with_words(call, store, names));
        add(ids, others);
    }
    if (ids.size() > limit) ids.resize(limit);
    return ids;
}

}  // namespace jebi::search
