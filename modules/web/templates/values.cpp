#include "modules/web/templates/values.h"

#include <cstring>
#include <new>

namespace jebi::web {
namespace {

// Names are short words in capitals: their ends and their length tell most of them apart.
std::uint64_t bit_of(std::string_view name) {
    if (name.empty()) return 1;
    const auto at = [name](std::size_t index) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(name[index]));
    };
    return std::uint64_t{1} << ((at(0) * 5 + at(name.size() - 1) * 11 + at(name.size() / 2) * 3 +
                                 name.size()) %
                                64);
}

template <typename Node>
Node* first_of(std::string_view name, Node* from) {
    while (from != nullptr && from->name != name)
        from = from->next;
    return from;
}

}  // namespace

std::string_view Scope::value(std::string_view name) const {
    const std::uint64_t bit = bit_of(name);
    for (const Scope* scope = this; scope != nullptr; scope = scope->around) {
        if ((scope->value_names & bit) == 0) continue;
        if (const Entry* found = first_of(name, scope->values)) return found->text;
    }
    return {};
}

const Entry* Scope::first_section(std::string_view name) const {
    const std::uint64_t bit = bit_of(name);
    for (const Scope* scope = this; scope != nullptr; scope = scope->around) {
        if ((scope->section_names & bit) == 0) continue;
        if (const Entry* found = first_of(name, scope->sections)) return found;
    }
    return nullptr;
}

const Entry* next_section(const Entry& before) {
    return first_of(before.name, before.next);
}

template <typename Node>
Node* Values::made(Node node) {
    return new (memory_.allocate(sizeof(Node), alignof(Node))) Node(node);
}

void Values::add_value(Scope& scope, std::string_view name, std::string_view text) {
    scope.value_names |= bit_of(name);
    scope.values = made(Entry{.name = kept(name), .text = kept(text), .next = scope.values});
}

void Values::add_shared(Scope& scope, std::string_view name, std::shared_ptr<const std::string> text) {
    scope.value_names |= bit_of(name);
    scope.values = made(Entry{.name = kept(name), .text = *text, .next = scope.values});
    shared_.push_back(std::move(text));
}

Scope& Values::add_section(Scope& scope, std::string_view name) {
    Entry* const entry = made(Entry{.name = kept(name), .inside = made(Scope{.around = &scope})});
    (scope.last_section == nullptr ? scope.sections : scope.last_section->next) = entry;
    scope.last_section = entry;
    scope.section_names |= bit_of(name);
    return *entry->inside;
}

void Values::show_section(Scope& scope, std::string_view name) {
    if (first_of(name, scope.sections) == nullptr) add_section(scope, name);
}

// A name is often a literal and could be borrowed, but not always, and a copy costs a few nanoseconds.
std::string_view Values::kept(std::string_view text) {
    if (text.empty()) return {};
    auto* copy = static_cast<char*>(memory_.allocate(text.size(), 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

}  // namespace jebi::web
