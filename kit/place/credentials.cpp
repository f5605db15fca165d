#include "kit/place/credentials.h"

#include <cassert>

#include "kit/http/client.h"

namespace jebi::place {

Result<Credentials> Credentials::read(const Topology& topology, bool with_certificate) {
    Credentials all;
    if (!topology.has_tcp()) return all;
    TRY(all.secret_, rpc::SharedSecret::read(topology.secret_file));
    if (topology.tls_cert.empty()) return all;
    TRY(all.trust_, fiber::TlsClient::open(topology.tls_roots));
    all.name_ = topology.tls_name;
    if (!with_certificate) return all;
    TRY(all.certificate_, fiber::TlsServer::load(topology.tls_cert, topology.tls_key));
    return all;
}

std::vector<std::string> Credentials::warnings() const {
    return certificate_ ? certificate_->warnings() : std::vector<std::string>{};
}

const rpc::SharedSecret& Credentials::secret() const {
    assert(secret_);
    return *secret_;
}

guard::ChannelMaker Credentials::ways(std::size_t connections_max) const {
    http::ClientOptions by_tcp{.address = {}, .connections_max = connections_max};
    by_tcp.tls = trust_;
    by_tcp.tls_name = name_;
    by_tcp.digests = !trust_;
    if (secret_) by_tcp.always.add("Authorization", secret_->authorization());
    return [by_file = guard::plain_http(connections_max),
            by_tcp = guard::http_with(std::move(by_tcp))](const fiber::Address& address) {
        return address.is_unix() ? by_file(address) : by_tcp(address);
    };
}

}  // namespace jebi::place
