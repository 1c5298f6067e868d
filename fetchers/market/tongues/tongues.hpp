#pragma once
#include "fetchers/market/tongue.hpp"

/// One table a venue, each from the venue's own documentation (fetchers/venues/<venue>.hpp names the pages).
namespace assay::fetchers::market {

const Tongue& bitfinex_tongue();
const Tongue& bitget_tongue();
const Tongue& bithumb_tongue();
const Tongue& bitstamp_tongue();
const Tongue& bybit_tongue();
const Tongue& coinbase_advanced_tongue();
const Tongue& coingecko_tongue();
const Tongue& crypto_com_tongue();
const Tongue& deribit_tongue();
const Tongue& dydx_tongue();
const Tongue& ecb_tongue();
const Tongue& exchangerate_host_tongue();
const Tongue& gateio_tongue();
const Tongue& gemini_tongue();
const Tongue& htx_tongue();
const Tongue& hyperliquid_tongue();
const Tongue& kucoin_tongue();
const Tongue& mexc_tongue();
const Tongue& oanda_tongue();
const Tongue& okx_tongue();
const Tongue& polygon_tongue();
const Tongue& twelvedata_tongue();
const Tongue& uniswap_tongue();
const Tongue& upbit_tongue();

}  // namespace assay::fetchers::market
