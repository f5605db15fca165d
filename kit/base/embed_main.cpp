// jebi-embed: turns a folder into C++ source, so that a program carries its files with it.
//
//     jebi-embed [--compress] --namespace NS --name FN --folder DIR --out PATH
//
// Writes PATH.h and PATH.cpp with `std::span<const jebi::Embedded> NS::FN()`: the folder's files by their
// paths in it, sorted. Hidden files stay out. The same folder gives the same bytes. With --compress each file
// is there as gzip and brotli too, where that is smaller.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/compress.h"
#include "kit/base/crypto.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t hash_digits = 16;
constexpr int gzip_level_best = 9;
constexpr int brotli_quality_best = 11;

struct Options {
    bool compress = false;
    std::string name_space;
    std::string name;
    fs::path folder;
    fs::path out;
};

[[noreturn]] void stop(const std::string& why) {
    std::fprintf(stderr, "jebi-embed: %s\n", why.c_str());
    std::_Exit(2);
}

Options options_from(const std::vector<std::string>& words) {
    std::map<std::string, std::string> values;
    Options options;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "--compress") {
            options.compress = true;
        } else if (words[i].starts_with("--") && i + 1 < words.size()) {
            values[words[i]] = words[i + 1];
            ++i;
        } else {
            stop("what is \"" + words[i] + "\"? See the top of kit/base/embed_main.cpp.");
        }
    }
    for (const char* key : {"--namespace", "--name", "--folder", "--out"}) {
        if (values[key].empty())
            stop(std::string(key) + " is missing. See the top of kit/base/embed_main.cpp.");
    }
    options.name_space = values["--namespace"];
    options.name = values["--name"];
    options.folder = values["--folder"];
    options.out = values["--out"];
    return options;
}

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) stop("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

bool is_hidden(const fs::path& path) {
    return std::ranges::any_of(path, [](const fs::path& part) { return part.native().starts_with('.'); });
}

// Path in the folder and content. A map, so sorted.
std::map<std::string, std::string> files_in(const fs::path& folder) {
    std::error_code failure;
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder, failure)) {
        const fs::path path = entry.path().lexically_relative(folder);
        if (entry.is_regular_file() && !is_hidden(path))
            files[path.generic_string()] = content_of(entry.path());
    }
    if (failure) stop("cannot read the folder " + folder.string() + ": " + failure.message());
    return files;
}

// Three octal digits always, so that a digit behind is not taken for part of the escape.
void append_escaped(std::string& out, char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += '\\';
    out += static_cast<char>('0' + (byte >> 6));
    out += static_cast<char>('0' + ((byte >> 3) & 7));
    out += static_cast<char>('0' + (byte & 7));
}

bool is_plain(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?';
}

// A string literal. One line of source per line of text, so that the result can be read and compared.
std::string literal(std::string_view bytes) {
    std::string out = "\"";
    for (const char c : bytes) {
        if (c == '\n') {
            out += "\\n\"\n        \"";
        } else if (is_plain(c)) {
            out += c;
        } else {
            append_escaped(out, c);
        }
    }
    return out + '"';
}

// A std::string_view that may hold NULs.
std::string view(std::string_view bytes) {
    if (bytes.empty()) return "{}";
    return "{" + literal(bytes) + ", " + std::to_string(bytes.size()) + "}";
}

std::string smaller_or_nothing(std::string&& compressed, std::string_view content) {
    return compressed.size() < content.size() ? std::move(compressed) : std::string();
}

std::string entry(const std::string& path, std::string_view content, bool compress) {
    const std::string hash = jebi::hex(jebi::bytes_of(jebi::sha256(content))).substr(0, hash_digits);
    std::string gzip;
    std::string brotli;
    if (compress) {
        gzip = smaller_or_nothing(jebi::gzipped(content, gzip_level_best), content);
        brotli = smaller_or_nothing(jebi::brotlied(content, brotli_quality_best), content);
    }
    return "    {" + view(path) + ",\n        " + view(content) + ",\n        " + view(gzip) + ",\n        " +
           view(brotli) + ",\n        " + view(hash) + "},\n";
}

std::string header(const Options& options) {
    return "// Made by jebi-embed.\n#pragma once\n\n#include <span>\n\n#include \"kit/base/embedded.h\"\n\n"
           "namespace " +
           options.name_space + " {\n\nstd::span<const ::jebi::Embedded> " + options.name +
           "();\n\n}  // namespace " + options.name_space + "\n";
}

std::string source(const Options& options, const std::map<std::string, std::string>& files) {
    std::string table;
    for (const auto& [path, content] : files)
        table += entry(path, content, options.compress);
    const std::string body = files.empty() ? "    return {};\n"
                                           : "    static constexpr ::jebi::Embedded files[] = {\n" + table +
                                                 "    };\n    return files;\n";
    // Compilers need not take literals over 64 KiB; ours do.
    return "// Made by jebi-embed.\n#include \"" + options.out.filename().string() +
           ".h\"\n\n"
           "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
           "namespace " +
           options.name_space + " {\n\nstd::span<const ::jebi::Embedded> " + options.name + "() {\n" + body +
           "}\n\n}  // namespace " + options.name_space + "\n";
}

// Leaves a file alone that says this already, so that nothing is compiled again for it.
void write(const fs::path& file, const std::string& text) {
    if (fs::exists(file) && content_of(file) == text) return;
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) stop("cannot write " + file.string());
}

}  // namespace

int main(int count, char** words) {
    try {
        const Options options = options_from({words, words + count});
        const auto files = files_in(options.folder);
        write(options.out.string() + ".h", header(options));
        write(options.out.string() + ".cpp", source(options, files));
    } catch (const fs::filesystem_error& failure) {
        stop(failure.what());
    }
}
