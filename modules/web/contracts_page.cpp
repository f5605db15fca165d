// Pages of the contracts, made of the .proto files with their comments, which the build has put into the
// program.
#include "modules/web/contracts_page.h"

#include <algorithm>
#include <cassert>
#include <memory>

#include "kit/rpc/contract/reference.h"
#include "modules/web/web_contracts.h"

namespace jebi::web {

namespace {

using contract::Comment;
using contract::Field;
using contract::Method;
using contract::Reference;
using contract::Repeatable;
using contract::Service;
using contract::Type;

// Read once, and then only looked at by the pages of all loops: they share it.
using References = std::shared_ptr<const std::vector<Reference>>;

const Embedded& embedded_set() {
    return contract_files().front();
}

// The text between `marks`: code. What is not closed is none.
void show_paragraph(Section paragraph, std::string_view text) {
    while (!text.empty()) {
        const auto begin = text.find('`');
        const auto end = begin == std::string_view::npos ? begin : text.find('`', begin + 1);
        const bool has_code = end != std::string_view::npos;
        paragraph.section("PIECE").show("WORDS", has_code ? text.substr(0, begin) : text);
        if (!has_code) return;
        paragraph.section("PIECE").show("CODE", text.substr(begin + 1, end - begin - 1));
        text.remove_prefix(end + 1);
    }
}

void show_comment(Section section, const Comment& comment) {
    for (const auto& text : comment)
        show_paragraph(section.section("PARAGRAPH"), text);
}

// A call that a shell takes as it stands: the example has no single quotes.
std::string curl_line(const Reference& reference, const Method& method) {
    return "curl --unix-socket data/run/" + reference.name +
           ".sock \\\n  -H 'Content-Type: application/json' -H 'Jebi-User: 1' \\\n  -d '" + method.example +
           "' \\\n  http://jebi" + method.path;
}

void show_method(Section section, const Reference& reference, const Method& method) {
    section.set("METHOD", method.name).set("REQUEST", method.request).set("REPLY", method.reply);
    section.set("CURL", curl_line(reference, method));
    show_comment(section, method.comment);
    if (!method.like.empty()) section.show("LIKE", method.like);
    if (method.repeatable == Repeatable::reads_only) section.show("READS_ONLY");
    if (method.repeatable == Repeatable::yes) section.show("REPEATABLE");
}

void show_service(Section section, const Reference& reference, const Service& service) {
    section.set("SERVICE", service.full_name);
    show_comment(section, service.comment);
    for (const auto& method : service.methods)
        show_method(section.section("CALL"), reference, method);
}

void show_field(Section section, const Field& field) {
    section.set("FIELD", field.name).set("NUMBER", field.number);
    if (!field.described.empty()) {
        section.section("DESCRIBED").set("FIELD_TYPE", field.type).set("PLACE", field.described);
    } else if (!field.type.empty()) {
        section.show("PLAIN", field.type);
    }
    if (!field.oneof.empty()) section.show("ONEOF", field.oneof);
    show_comment(section, field.comment);
}

void show_type(Section section, const Type& type) {
    section.set("TYPE", type.name);
    if (type.is_enum) section.show("ENUM");
    show_comment(section, type.comment);
    if (type.fields.empty()) {
        section.show("NO_FIELDS");
        return;
    }
    Section fields = section.section("FIELDS");
    for (const auto& field : type.fields)
        show_field(fields.section("ROW"), field);
}

void show_contract(Section section, const Reference& reference) {
    section.set("CONTRACT_NAME", reference.name);
    for (const auto& service : reference.services) {
        if (!service.comment.empty()) show_paragraph(section.section("PARAGRAPH"), service.comment.front());
        for (const auto& method : service.methods)
            section.section("CALL").set("METHOD", method.name);
    }
}

Shown contracts(const Site& site, Visit& visit, const std::vector<Reference>& all) {
    Page page;
    page.show("AT_CONTRACTS");
    for (const auto& reference : all)
        show_contract(page.section("CONTRACT"), reference);
    return shown(site, visit, 200, "contracts", page);
}

Shown one_contract(const Site& site, Visit& visit, const std::vector<Reference>& all) {
    const auto found = std::ranges::find(all, visit.request.captured_as("name"), &Reference::name);
    if (found == all.end()) return fail(Code::not_found, "There is no such contract.");
    Page page;
    page.show("AT_CONTRACTS").set("CONTRACT_NAME", found->name);
    for (const auto& service : found->services)
        show_service(page.section("SERVICE_OF"), *found, service);
    for (const auto& type : found->types)
        show_type(page.section("TYPE_OF"), type);
    return shown(site, visit, 200, "contract", page);
}

Shown contracts_as_data(const Site& /*site*/, Visit& /*visit*/) {
    http::Response response;
    response.fields.add("Content-Type", "application/protobuf");
    response.fields.add("Content-Disposition", R"(attachment; filename="contracts.binpb")");
    response.body = std::string(embedded_set().content);
    return response;
}

}  // namespace

void bind_contracts(Binder& bind) {
    auto read = contract::references_in(embedded_set().content);
    assert(read && "the build has put something else than contracts into the program");
    const References all = std::make_shared<const std::vector<Reference>>(std::move(*read));
    bind.page("/contracts", [all](const Site& site, Visit& visit) { return contracts(site, visit, *all); });
    bind.page("/contracts/{name}",
              [all](const Site& site, Visit& visit) { return one_contract(site, visit, *all); });
    bind.page("/contracts.binpb", contracts_as_data);
}

}  // namespace jebi::web
