#include "app/contracts_verb.h"

#include <filesystem>
#include <fstream>

#include "kit/rpc/contract/descriptors.h"

namespace jebi::app {

namespace fs = std::filesystem;

Verb contracts_verb() {
    return {.name = "contracts",
            .help = "Write this program's contracts into a new FILE, as protobuf's FileDescriptorSet",
            .arguments = {{.name = "FILE", .help = "What a deployment is checked by", .required = true}}};
}

Result<void> write_contracts(const CommandLine& line, const std::vector<std::string_view>& services) {
    const std::string file = line.argument("FILE");
    if (fs::exists(file))
        return fail(
            error(Code::conflict, file + " is there already. Name one that is not.").because("file_exists"));
    std::string set;
    if (!services.empty()) {
        TRY(set, contract::descriptor_set_of(services));
    }
    std::ofstream out{file, std::ios::binary};
    out << set;
    out.close();
    if (out) return {};
    return fail(Code::unavailable, "Cannot write " + file + ".");
}

}  // namespace jebi::app
