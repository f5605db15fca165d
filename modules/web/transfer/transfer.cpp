#include "modules/web/transfer/transfer.h"

#include <stdexcept>

#include "modules/web/templates/languages.h"
#include "modules/web/transfer/export.h"
#include "modules/web/transfer/import.h"

namespace jebi::web::transfer {

namespace {

constexpr Millis import_max{20'000};
constexpr Millis answer_in{2'000};  // what is left of the request's time, for its answer

Shown export_account(const Site& site, Visit& visit, const Form&) {
    TRY_VOID(signed_in(visit));
    const auto account = std::make_shared<Export>(site, visit.call, *visit.user);
    TRY_VOID(account->begin());
    http::Response response;
    const std::string day = iso8601(site.clock.wall_ms()).substr(0, 10);
    response.fields.add("Content-Type", "application/json");
    response.fields.add("Content-Disposition",
                        "attachment; filename=\"jebi-" + visit.user->username() + "-" + day + ".json\"");
    response.fields.add("Cache-Control", "no-store");
    response.stream = [account](http::BodyWriter& out) {
        // The way to cut the connection, by which the browser sees that the file is not whole (BodyWriter).
        if (const auto written = account->write(out); !written)
            throw std::runtime_error(written.error().message);
    };
    return response;
}

void show_outcome(Section page, const Outcome& outcome) {
    page.set("TWEETS", grouped(outcome.tweets)).set("PEOPLE", grouped(outcome.people));
    if (outcome.refused > 0) page.show("REFUSED", grouped(outcome.refused));
    if (outcome.missing > 0) page.show("MISSING", grouped(outcome.missing));
    page.show(outcome.is_whole ? "WHOLE" : "AGAIN");
}

Shown import_account(const Site& site, Visit& visit, const http::Multipart& sent) {
    TRY_VOID(signed_in(visit));
    const http::Part* const file = sent.file("file");
    if (file == nullptr) {
        return settings_again(site, visit,
                              error(Code::invalid, "Choose a file first.").because("no_file").at("file"));
    }
    auto brought = brought_from(file->bytes);
    if (!brought) return settings_again(site, visit, brought.error());
    const Deadline until = std::min(in(import_max), visit.request.until - answer_in);
    const Outcome outcome = bring(site, visit.call, std::move(*brought), until);
    visit.call = Call{.user = visit.call.user, .until = in(request_max), .trace = visit.call.trace};
    Page page;
    page.show("AT_SETTINGS");
    show_outcome(page, outcome);
    return shown(site, visit, 200, "import", page);
}

}  // namespace

void bind(http::Router& router, const Site& site, Failed failed) {
    Binder binder{router, site, std::move(failed)};
    binder.form("/settings/export", export_account);
    binder.upload("/settings/import", file_bytes_max, import_account);
}

}  // namespace jebi::web::transfer
