// What a template is filled with: values and sections, by name.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::web {

struct Scope;

// A value, or one of the sections of a name.
struct Entry {
    std::string_view name;
    std::string_view text;    // of a value
    Scope* inside = nullptr;  // of a section
    Entry* next = nullptr;
};

// A page, or a section in it. It sees what is around it.
struct Scope {
    const Scope* around = nullptr;
    Entry* values = nullptr;  // the last one first
    Entry* sections = nullptr;
    Entry* last_section = nullptr;
    // A bit for each name that is there (a Bloom filter of one hash): most of what a template asks for is
    // not.
    std::uint64_t value_names = 0;
    std::uint64_t section_names = 0;

    // Empty when there is none.
    std::string_view value(std::string_view name) const;
    // The first section of that name, here or around; null when there is none.
    const Entry* first_section(std::string_view name) const;
};
// The next one of the same name; null behind the last.
const Entry* next_section(const Entry& before);

// The memory of all of a page's values: given back at once, with the page.
class Values {
public:
    Scope& root() { return root_; }
    const Scope& root() const { return root_; }

    // Replaces one of the same name.
    void add_value(Scope& scope, std::string_view name, std::string_view text);
    void add_shared(Scope& scope, std::string_view name, std::shared_ptr<const std::string> text);
    Scope& add_section(Scope& scope, std::string_view name);
    // One at least.
    void show_section(Scope& scope, std::string_view name);

private:
    std::string_view kept(std::string_view text);
    template <typename Node>
    Node* made(Node node);

    static constexpr std::size_t bytes_usual = 16 * 1024;
    std::pmr::monotonic_buffer_resource memory_{bytes_usual};
    std::vector<std::shared_ptr<const std::string>> shared_;
    Scope root_;
};

}  // namespace jebi::web
