#include "modules/web/templates/templates.h"

#include <atomic>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "modules/web/templates/composer.h"
#include "modules/web/templates/escape.h"
#include "modules/web/templates/markup.h"

namespace jebi::web {
namespace {

Files embedded(std::span<const Embedded> files) {
    return [files](std::string_view path) -> std::optional<std::string> {
        for (const auto& file : files)
            if (file.path == path) return std::string(file.content);
        return std::nullopt;
    };
}

Files in_folder(std::string folder) {
    return [folder = std::move(folder)](std::string_view path) -> std::optional<std::string> {
        std::ifstream file(folder + "/" + std::string(path), std::ios::binary);
        if (!file) return std::nullopt;
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
}

Result<Words> catalogue(const Files& words, Language language) {
    const auto name = std::string(code(language)) + ".txt";
    const auto content = words(name);
    if (!content) return fail(Code::internal, name + " is missing");
    auto parsed = Words::parsed(*content);
    if (!parsed) return fail(Code::internal, name + ": " + parsed.error().message);
    return parsed;
}

Result<Markup> compiled(const Files& pages, const Words& words, std::string_view page) {
    auto text = composed(pages, words, page);
    if (!text) return fail(Code::internal, std::string(page) + ".html: " + text.error().message);
    auto markup = Markup::compiled(*text);
    if (!markup) return fail(Code::internal, std::string(page) + ".html: " + markup.error().message);
    return markup;
}

// A page that is ready, and how large it was last time: the memory for the next one is taken at once.
struct Compiled {
    explicit Compiled(Markup compiled) : markup(std::move(compiled)) {}

    std::string rendered(const Values& values) const {
        std::string html;
        html.reserve(bytes_last.load(std::memory_order_relaxed) + bytes_spare);
        markup.append_to(html, values.root());
        bytes_last.store(html.size(), std::memory_order_relaxed);
        return html;
    }

    static constexpr std::size_t bytes_spare = 1'024;
    Markup markup;
    mutable std::atomic<std::size_t> bytes_last{0};
};

// Only people who edit templates see it, so it is plain.
std::string as_page(const Error& error) {
    return "<!doctype html><title>jebi</title><h1>This template cannot be used</h1><pre>" +
           html_escaped(error.message) + "</pre>";
}

template <typename T>
T or_stop(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "modules/web: %s\n", result.error().message.c_str());
    std::abort();
}

std::string in_words(const Words& words, std::string_view key, std::span<const Gap> gaps) {
    const auto* text = words.find(key);
    return text == nullptr ? std::string() : filled(*text, gaps);
}

// Or a fragment.
bool is_page(std::string_view path) {
    return path.ends_with(".html") && !path.starts_with('_') && path != "layout.html";
}

}  // namespace

Section& Section::set(std::string_view name, std::string_view text) {
    assert(!names_html(name));
    values_->add_value(*scope_, name, text);
    return *this;
}

Section& Section::set_html(std::string_view name, std::string_view trusted) {
    assert(names_html(name));
    values_->add_value(*scope_, name, trusted);
    return *this;
}

Section& Section::set_html(std::string_view name, std::shared_ptr<const std::string> trusted) {
    assert(names_html(name));
    values_->add_shared(*scope_, name, std::move(trusted));
    return *this;
}

Section Section::section(std::string_view name) {
    return {*values_, values_->add_section(*scope_, name)};
}

Section& Section::show(std::string_view name) {
    values_->show_section(*scope_, name);
    return *this;
}

Section& Section::show(std::string_view name, std::string_view text) {
    section(name).set(name, text);
    return *this;
}

struct Templates::Loaded {
    struct In {
        Words words;
        std::map<std::string, Compiled, std::less<>> pages;
    };

    const In& in(Language language) const { return by_language[static_cast<std::size_t>(language)]; }

    std::array<In, languages.size()> by_language;
    std::string dev_folder;
};

Templates::Templates(std::span<const Embedded> pages, std::span<const Embedded> words, std::string dev_folder)
    : loaded_(std::make_unique<Loaded>()) {
    loaded_->dev_folder = std::move(dev_folder);
    if (!loaded_->dev_folder.empty()) return;
    const auto files = embedded(pages);
    for (const auto language : languages) {
        auto& in = loaded_->by_language[static_cast<std::size_t>(language)];
        in.words = or_stop(catalogue(embedded(words), language));
        for (const auto& file : pages) {
            if (!is_page(file.path)) continue;
            const auto name = file.path.substr(0, file.path.size() - 5);
            in.pages.emplace(name, or_stop(compiled(files, in.words, name)));
        }
    }
}
Templates::~Templates() = default;

std::string Templates::render(Language language, std::string_view name, const Page& page) const {
    if (loaded_->dev_folder.empty()) {
        const auto found = loaded_->in(language).pages.find(name);
        assert(found != loaded_->in(language).pages.end());
        return found->second.rendered(page);
    }
    const auto words = catalogue(in_folder(loaded_->dev_folder + "/words"), language);
    if (!words) return as_page(words.error());
    auto fresh = compiled(in_folder(loaded_->dev_folder + "/pages"), *words, name);
    return fresh ? Compiled(std::move(*fresh)).rendered(page) : as_page(fresh.error());
}

std::string Templates::text(Language language, std::string_view key, std::span<const Gap> gaps) const {
    if (loaded_->dev_folder.empty()) return in_words(loaded_->in(language).words, key, gaps);
    const auto words = catalogue(in_folder(loaded_->dev_folder + "/words"), language);
    return words ? in_words(*words, key, gaps) : words.error().message;
}

}  // namespace jebi::web
