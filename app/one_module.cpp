// jebi-MODULE: the program that has one module only, so that a change to it makes and restarts nothing else.
// JEBI_MODULE is the function that names it.
#include "app/contracts_verb.h"
#include "app/parts/part.h"
#include "app/program.h"
#include "app/serve.h"
#include "app/settings.h"

int main(int argc, char** argv) {
    using namespace jebi;
    const app::Module& module = app::JEBI_MODULE();
    const std::string name = "jebi-" + std::string(module.name);
    const app::Program program{
        .name = name,
        .about = name + ": the module " + std::string(module.name) +
                 " of jebi in a process of its own.\n\n"
                 "Settings come from built-in values < JEBI_* variables < flags, and with "
                 "--config from a file.",
        .prefix = "JEBI_",
        .verbs = {app::serve_verb(), app::contracts_verb()}};
    const auto run = [&](const app::CommandLine& line, const place::Settings& settings) {
        if (line.verb == "contracts") return app::write_contracts(line, app::services_of({&module}));
        return app::serve(line, settings, {&module});
    };
    return app::run_program(program, app::known_settings(), {argv + 1, argv + argc}, run);
}
