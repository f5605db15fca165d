#include "kit/place/topology.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>

namespace jebi::place {

namespace {

std::vector<KnownModule> known() {
    return {{.name = "tweets"},
            {.name = "timelines", .needs = {"tweets"}},
            {.name = "web", .needs = {"tweets", "timelines"}, .has_data = false, .has_pages = true},
            {.name = "logs", .has_pages = true, .optional = true, .program = "log-program"}};
}

const std::string split =
    "[process.tweets]\nmodules = [\"tweets\"]\n"
    "[process.timelines]\nmodules = [\"timelines\"]\n"
    "[process.web]\nmodules = [\"web\"]\nlisten = \"127.0.0.1:3000\"\n";

// A file that goes away with the test.
struct File {
    explicit File(const std::string& content) { std::ofstream{path} << content; }
    ~File() { std::remove(path.c_str()); }
    File(const File&) = delete;
    std::string path = "/tmp/jebi-topology-" + std::to_string(::getpid()) + ".toml";
};

Result<Topology> topology(const std::string& content, const std::string& data = "data") {
    const File file{content};
    return Topology::read(file.path, known(), data);
}

std::string refusal(const std::string& content) {
    const auto read = topology(content);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Code::invalid);
    return read.error().message;
}

}  // namespace

TEST_CASE("a topology says which module runs in which process, and where that is reached") {
    const auto read =
        topology(split + "replicas = 2\nsettings.log.level = \"debug\"\nsettings.loops = 2\n").value();
    REQUIRE(read.processes.size() == 3);
    const TopologyProcess& web = *read.host_of("web");
    CHECK(web.name == "web");
    CHECK(web.listen->text() == "127.0.0.1:3000");
    CHECK(web.replicas == 2);
    REQUIRE(web.contracts.size() == 2);
    CHECK(web.contracts[1].text() == "unix:data/run/web-2.sock");
    CHECK(read.host_of("tweets")->contracts.front().text() == "unix:data/run/tweets.sock");
    REQUIRE(web.settings.size() == 2);
    CHECK(web.settings[0].key == "log.level");
    CHECK(web.settings[0].value == "debug");
    CHECK(web.settings[0].line == 9);
    CHECK(read.host_of("logs") == nullptr);
}

TEST_CASE("edges are handed through as they stand, with their lines") {
    const auto read =
        topology(split +
                 "[edge.\"web -> timelines\"]\ndeadline_ms = 300\nratio = 0.25\nrepeat = false\n"
                 "[edge.\"* -> *\"]\nbudget = \"20%\"\n")
            .value();
    REQUIRE(read.edges.size() == 2);
    CHECK(read.edges[0].from == "web");
    CHECK(read.edges[0].to == "timelines");
    REQUIRE(read.edges[0].policy.size() == 3);
    CHECK(read.edges[0].policy[1].key == "ratio");
    CHECK(read.edges[0].policy[1].value == "0.25");
    CHECK(read.edges[0].policy[1].line == 10);
    CHECK(read.edges[1].policy[0].value == "20%");
}

TEST_CASE("a program of somebody else's is a member, and a neighbour") {
    const auto read = topology(split +
                               "[external.trending]\nservice = \"jebi.trending.v1.Trending\"\n"
                               "address = [\"127.0.0.1:7100\", \"127.0.0.1:7101\"]\n"
                               "command = [\"node\", \"trending.mjs\"]\nhealth = \"/healthz\"\n"
                               "[edge.\"web -> trending\"]\ndeadline_ms = 100\n")
                          .value();
    REQUIRE(read.externals.size() == 1);
    CHECK(read.externals[0].addresses.size() == 2);
    CHECK(read.externals[0].command == std::vector<std::string>{"node", "trending.mjs"});
}

TEST_CASE("a module with a program of its own runs by that, and alone") {
    const auto read =
        topology(split + "[process.logs]\nmodules = [\"logs\"]\nlisten = \"127.0.0.1:12345\"\n");
    CHECK(read.value().host_of("logs")->program == "log-program");
    CHECK(refusal("[process.a]\nmodules = [\"tweets\", \"timelines\", \"web\", \"logs\"]\n"
                  "listen = \"127.0.0.1:1\"\n")
              .contains("in a process of its own"));
}

TEST_CASE("contracts are reached by TCP from other machines, and by a Unix socket on their own") {
    const auto read =
        topology(
            "[process.tweets]\nmodules = [\"tweets\"]\nmachine = \"b\"\ncontracts = \"10.0.0.2:7001\"\n"
            "[process.rest]\nmodules = [\"timelines\", \"web\"]\nlisten = \"127.0.0.1:0\"\n"
            "[secret]\nfile = \"secret\"\n[tls]\ncert = \"/etc/jebi/cert.pem\"\nkey = \"../key.pem\"\n"
            "roots = \"roots.pem\"\nname = \"jebi.internal\"\n")
            .value();
    const TopologyProcess& tweets = *read.host_of("tweets");
    CHECK(tweets.machine == "b");
    CHECK(tweets.contracts.front().text() == "10.0.0.2:7001");
    CHECK(tweets.local.front().text() == "unix:data/run/tweets.sock");
    CHECK(tweets.is_reached_by_tcp());
    CHECK(read.has_tcp());
    CHECK_FALSE(read.host_of("web")->is_reached_by_tcp());
    CHECK(read.secret_file == "/tmp/secret");
    CHECK_FALSE(read.secret_in_plain);
    CHECK(read.tls_cert == "/etc/jebi/cert.pem");
    CHECK(read.tls_key == "/key.pem");
    CHECK(read.tls_roots == "/tmp/roots.pem");
    CHECK(read.tls_name == "jebi.internal");
    CHECK_FALSE(topology(split).value().has_tcp());
}

TEST_CASE("the secret leaves the machine in TLS only, unless the file says that the network encrypts") {
    const auto file = [](const std::string& at, const std::string& more) {
        return split + "contracts = \"" + at + "\"\n[secret]\nfile = \"secret\"\n" + more;
    };
    const std::string tls = "[tls]\ncert = \"c\"\nkey = \"k\"\n";
    for (const std::string at : {"10.0.0.1:7000", "db.internal:7000", "[fd00::1]:7000", "0.0.0.0:7000"}) {
        CAPTURE(at);
        CHECK(refusal(file(at, "")).contains("for all to read"));
        CHECK(refusal(file(at, "plain = false\n")).contains("for all to read"));
        CHECK(topology(file(at, "plain = true\n")).has_value());
        CHECK(topology(file(at, tls)).has_value());
    }
    for (const std::string at : {"127.0.0.2:7000", "[::1]:7000", "localhost:7000"})
        CHECK(topology(file(at, "")).has_value());
}

TEST_CASE("what is misspelt or contradicts itself is refused with its line, why, and the nearest name") {
    const std::string tcp = "contracts = \"10.0.0.1:7000\"\n";
    const std::pair<std::string, std::vector<std::string>> cases[] = {
        {"[process.a]\nmodules = [\"twets\"]\n", {":2: ", "no module \"twets\"", "Did you mean \"tweets\"?"}},
        {"[process.a]\nmodule = [\"tweets\"]\n", {":2: ", "Did you mean \"modules\"?"}},
        {"[proces.a]\nmodules = [\"tweets\"]\n", {"Did you mean \"process\"?"}},
        {"[process.a]\nmodules = [\"tweets\"]\n[process.b]\nmodules = [\"tweets\"]\n",
         {":4: ", "twice", "\"a\""}},
        {"[process.a]\nmodules = [\"tweets\", \"tweets\"]\n", {"twice"}},
        {"[process.a]\nmodules = [\"tweets\", \"timelines\"]\n", {"\"web\" is placed nowhere"}},
        {"", {"placed nowhere"}},
        {"[process.a]\n", {"hosts no module"}},
        {"[process.a]\nmodules = []\n", {"list of texts"}},
        {"[process.A]\nmodules = [\"tweets\"]\n", {"no name"}},
        {"process = 3\n", {"[process.NAME]"}},
        {"[process.a]\nmodules = [\"tweets\"]\nreplicas = 2\n", {"cannot have replicas", "\"tweets\""}},
        {"[process.a]\nmodules = [\"tweets\"]\nreplicas = 0\n", {"from 1 to 64"}},
        {"[process.a]\nmodules = [\"tweets\"]\nlisten = \"127.0.0.1:1\"\n",
         {"none of its modules has pages"}},
        {"[process.a]\nmodules = [\"web\"]\n", {"where people find them"}},
        {"[process.a]\nmodules = [\"web\"]\nlisten = \"127.0.0.1\"\n", {":3: ", "the port is missing"}},
        {"[process.a]\nmodules = [\"tweets\"]\nsettings = 3\n", {"settings is a table"}},
        {split + "[edge.\"tweets -> web\"]\nx = 1\n", {"\"tweets\" calls \"web\""}},
        {split + "[edge.\"web -> timeline\"]\nx = 1\n", {":9: ", "Did you mean \"timelines\"?"}},
        {split + "[edge.\"wep -> timelines\"]\nx = 1\n", {"Did you mean \"web\"?"}},
        {split + "[edge.web]\nx = 1\n", {"[edge.\"from -> to\"]"}},
        {split + tcp, {"shared secret"}},
        {split + "machine = \"b\"\n", {"on machine \"b\" calls \"tweets\"", "HOST:PORT"}},
        {split + "contracts = [\"unix:a\", \"unix:b\"]\n", {"1 replicas and 2 addresses"}},
        {split + "contracts = \"unix:data/run/tweets.sock\"\n", {"both listen on unix:data/run/tweets.sock"}},
        {split + "[external.x]\naddress = \"127.0.0.1:3000\"\nservice = \"a.v1.B\"\n", {"both listen on"}},
        {split + "[external.x]\naddress = \"127.0.0.1:3001\"\n", {"keeps no contract"}},
        {split + "[external.web]\naddress = \"127.0.0.1:3001\"\nservice = \"a.v1.B\"\n",
         {"the name of a module"}},
        {split + "[external.x]\nadress = \"127.0.0.1:3001\"\n", {"Did you mean \"address\"?"}},
        {split + "[secret]\nfle = \"x\"\n", {"Did you mean \"file\"?"}},
        {split + "[secret]\nplain = 1\n", {":9: ", "true or false"}},
        {split + "secret = 3\n", {"there is no key"}},
        {"secret = 3\n" + split, {":1: ", "write [secret]"}},
        {split + "[tls]\ncert = \"x\"\n", {"needs both"}},
        {split + "[tls]\nroots = \"x\"\n", {"no cert and key"}},
        {split + "[tls]\nroot = \"x\"\n", {":9: ", "Did you mean \"roots\"?"}},
        {split + "[tls]\ncert.file = \"x\"\n", {"write [tls]"}},
        {split + "contracts = \"127.0.0.1:0\"\n[secret]\nfile = \"x\"\n", {"port 0"}},
        {split + "[external.x]\naddress = \"127.0.0.1:3001\"\nservice = \"a.v1.B\"\ncommand = \"x\"\n"
                 "machine = \"b\"\n",
         {"machine \"b\"", "of this."}},
    };
    for (const auto& [content, parts] : cases) {
        const std::string message = refusal(content);
        CAPTURE(content);
        CAPTURE(message);
        CHECK(message.contains("/tmp/jebi-topology-"));
        for (const std::string& part : parts)
            CHECK(message.contains(part));
    }
}

TEST_CASE("a data folder whose sockets would have too long a name is refused") {
    const auto read = topology(split, "/" + std::string(100, 'd'));
    REQUIRE_FALSE(read);
    CHECK(read.error().message.contains("shorter --data"));
}

TEST_CASE("whatever the file holds, it is read or refused with its name") {
    const char* const given = std::getenv("JEBI_SEED");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    const unsigned seed =
        given == nullptr ? std::random_device{}() : static_cast<unsigned>(std::stoul(given));
    MESSAGE("JEBI_SEED=", seed);
    std::mt19937 random{seed};
    const auto below = [&](std::size_t end) {
        return std::uniform_int_distribution<std::size_t>{0, end - 1}(random);
    };
    const std::string pieces = "[].=\"\n #{}->*0123456789abcprocesmdulexternal'\\\xff\x01";
    for (int round = 0; round < 2'000; ++round) {
        std::string content = split + "[edge.\"web -> *\"]\nx = 0.5\n[external.x]\nservice = \"a\"\n";
        for (std::size_t edits = below(6) + 1; edits > 0; --edits) {
            const std::size_t at = below(content.size());
            const std::string put(1, pieces[below(pieces.size())]);
            content.replace(at, below(2) * below(12),
                            below(2) == 0 ? put : content.substr(below(content.size()), 9));
        }
        const auto read = topology(content);
        if (!read) CHECK(read.error().message.contains("/tmp/jebi-topology-"));
    }
}

}  // namespace jebi::place
