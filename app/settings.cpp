#include "app/settings.h"

#include "app/program.h"
#include "kit/http/url.h"

namespace jebi::app {

using place::Setting;

namespace {

constexpr const char* database_name = "jebi.db";

}  // namespace

std::vector<Setting> known_settings() {
    using enum Setting::Kind;
    return {
        {.name = "listen",
         .standard = "127.0.0.1:3000",
         .help = "HOST:PORT of the pages and the API; port 0 picks a free one"},
        {.name = "tls.cert",
         .standard = "",
         .help = "PEM file of the certificate (and its chain): https instead of http; together with tls.key"},
        {.name = "tls.key",
         .standard = "",
         .help = "PEM file of the certificate's key, without a passphrase"},
        {.name = "data",
         .standard = "data",
         .help = "folder for everything that is kept; nothing is written elsewhere"},
        {.name = "loops",
         .kind = integer,
         .standard = "0",
         .help = "event loops, a thread each; 0: one per core",
         .min = 0,
         .max = 256},
        {.name = "node",
         .kind = integer,
         .standard = "0",
         .help = "this process's number among those that make ids",
         .min = 0,
         .max = 1022},
        {.name = "dev",
         .kind = flag,
         .standard = "false",
         .help = "read templates and styles from disk, and reload pages when they change"},
        {.name = "chaos",
         .kind = flag,
         .standard = "false",
         .help = "let `jebi chaos` break this on purpose: for trials, and where people know of it"},
        {.name = "log.level",
         .standard = "info",
         .help = "log from this level on",
         .choices = {"debug", "info", "warning", "error"}},
        {.name = "log.format",
         .standard = "auto",
         .help = "auto is text on a terminal, and JSON elsewhere",
         .choices = {"auto", "text", "json"}},
        {.name = "http.body_kib_max",
         .kind = integer,
         .standard = "1024",
         .help = "largest body of a request, in KiB",
         .min = 1,
         .max = 65536},
        {.name = "http.connections_max",
         .kind = integer,
         .standard = "10000",
         .help = "connections at once; beyond: 503",
         .min = 1,
         .max = 1000000},
        {.name = "web.secure",
         .kind = flag,
         .standard = "false",
         .help =
             "browsers come by https, through a proxy in front: mark cookies so (with tls.cert they are)"},
        {.name = "web.hsts_days",
         .kind = integer,
         .standard = "365",
         .help = "so long a browser that came by https uses nothing else for this host; 0: it is not told",
         .min = 0,
         .max = 3650},
        {.name = "web.behind_proxy",
         .kind = flag,
         .standard = "false",
         .help = "take the client's address from the last X-Forwarded-For"},
        {.name = "web.api_requests_max",
         .kind = integer,
         .standard = "300",
         .help = "requests to the API in 5 minutes, by an account or an address; 0: no limit",
         .min = 0,
         .max = 1'000'000'000},
        {.name = "web.password_grant",
         .kind = flag,
         .standard = "false",
         .help =
             "Mastodon's clients may sign in with a name and a password (OAuth's password grant): for labs"},
        {.name = "github.client_id",
         .standard = "",
         .help = "of the OAuth app whose callback is http(s)://HOST/auth/github/callback; empty: no sign-in "
                 "by GitHub"},
        {.name = "github.client_secret", .standard = "", .help = "GitHub shows it beside the client id"},
        {.name = "github.authorize_url",
         .standard = "https://github.com/login/oauth/authorize",
         .help = "where browsers are sent to; another one for a GitHub Enterprise, as the next two"},
        {.name = "github.token_url",
         .standard = "https://github.com/login/oauth/access_token",
         .help = "where a code is changed into a token"},
        {.name = "github.user_url",
         .standard = "https://api.github.com/user",
         .help = "where a token tells whose it is"},
        {.name = "github.roots",
         .standard = "",
         .help = "PEM file of those who sign GitHub's certificates; empty: the system's"},
        {.name = "log_analytics.url",
         .standard = "http://127.0.0.1:12345",
         .help = "where each request is told to, and /analytics asks; empty: nowhere"},
        {.name = "log_analytics.token", .standard = "", .help = "bearer token for it, when it wants one"},
        {.name = "log_analytics.spool_mib_max",
         .kind = integer,
         .standard = "64",
         .help = "disk for what it cannot take at the moment, in MiB",
         .min = 1,
         .max = 65536},
        {.name = "traces.url",
         .standard = "log-analytics",
         .help = "where spans go by OTLP: log-analytics (where log_analytics.url says), a URL such as "
                 "http://127.0.0.1:4318/v1/traces, or empty: nowhere"},
        {.name = "traces.token", .standard = "", .help = "bearer token for a traces.url of its own"},
        {.name = "traces.sampled_percent",
         .kind = integer,
         .standard = "1",
         .help = "of requests whose spans are all kept; those that failed or were slow are kept anyway",
         .min = 0,
         .max = 100},
        {.name = "traces.slow_ms",
         .kind = integer,
         .standard = "500",
         .help = "a piece of a request that takes so long is slow",
         .min = 1,
         .max = 60'000},
        {.name = "accounts.password_memory_kib",
         .kind = integer,
         .standard = "19456",
         .help = "memory of one password hash (Argon2id), in KiB",
         .min = 8,
         .max = 4194304},
        {.name = "accounts.password_passes",
         .kind = integer,
         .standard = "2",
         .help = "passes of one password hash",
         .min = 1,
         .max = 64},
        {.name = "accounts.password_threads",
         .kind = integer,
         .standard = "2",
         .help = "password hashes at once",
         .min = 1,
         .max = 64},
        {.name = "accounts.session_idle_days",
         .kind = integer,
         .standard = "14",
         .help = "a session unused for so long ends",
         .min = 1,
         .max = 365},
        {.name = "accounts.session_days",
         .kind = integer,
         .standard = "90",
         .help = "any session ends after so long",
         .min = 1,
         .max = 3650},
        {.name = "timelines.merge_above_followers",
         .kind = integer,
         .standard = "10000",
         .help =
             "tweets of whoever has more followers are not copied into their homes, but merged in at reading",
         .min = 0,
         .max = 1'000'000},
    };
}

place::ProcessOptions process_options(const place::Settings& settings) {
    return {.data_folder = settings.text("data"),
            .database = database_name,
            .version = program_version,
            .loops = static_cast<unsigned>(settings.integer("loops")),
            .log_level = *watch::level_from(settings.text("log.level")),
            .log_format = log_format(settings.text("log.format")),
            .sampled_share = static_cast<double>(settings.integer("traces.sampled_percent")) / 100};
}

Result<std::optional<watch::SpansOptions>> spans_from(const place::Settings& settings) {
    const bool to_log_analytics = settings.text("traces.url") == "log-analytics";
    const std::string setting = to_log_analytics ? "log_analytics.url" : "traces.url";
    const std::string& url = settings.text(setting);
    if (url.empty()) return std::nullopt;
    auto at = http::Url::from(url);
    if (!at) {
        const std::string hint = to_log_analytics ? " Write http://HOST:PORT, such as http://127.0.0.1:12345."
                                                  : " Write log-analytics, or http://HOST:PORT/v1/traces.";
        return fail(error(Code::invalid, setting + ": " + at.error().message + hint).at(setting));
    }
    watch::SpansOptions options{.address = std::move(at->address), .path = std::move(at->path)};
    if (to_log_analytics || options.path.empty()) options.path += "/v1/traces";
    options.token = settings.text(to_log_analytics ? "log_analytics.token" : "traces.token");
    options.source.is_https = has_tls(settings);
    options.slow = Millis{settings.integer("traces.slow_ms")};
    if (at->secure) {
        TRY(options.tls, fiber::TlsClient::open());
    }
    return options;
}

std::string database_file(const place::Settings& settings) {
    return settings.text("data") + "/" + database_name;
}

std::string run_folder(const place::Settings& settings) {
    return settings.text("data") + "/run";
}

Result<fiber::Address> contracts_address(const place::Settings& settings, const std::string& name) {
    return fiber::Address::from("unix:" + run_folder(settings) + "/" + name + ".sock");
}

bool has_tls(const place::Settings& settings) {
    return !settings.text("tls.cert").empty();
}

Result<std::optional<fiber::TlsServer>> tls_from(const place::Settings& settings) {
    const std::string& certificate = settings.text("tls.cert");
    const std::string& key = settings.text("tls.key");
    if (certificate.empty() && key.empty()) return std::nullopt;
    if (certificate.empty() || key.empty()) {
        const std::string given = key.empty() ? "tls.cert" : "tls.key";
        return fail(Code::invalid, given + " is set, and " + (key.empty() ? "tls.key" : "tls.cert") +
                                       " is not: https needs both. Name the other file, or neither.");
    }
    TRY(auto server, fiber::TlsServer::load(certificate, key));
    return server;
}

}  // namespace jebi::app
