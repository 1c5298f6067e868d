#pragma once
#include "fetchers/market/dialect.hpp"

/// One table a venue, each from the venue's own documentation (fetchers/venues/<venue>.hpp names the pages).
namespace assay::fetchers::market {

const Dialect& bitfinex_dialect();
const Dialect& bitget_dialect();
const Dialect& bithumb_dialect();
const Dialect& bitstamp_dialect();
const Dialect& bybit_dialect();
const Dialect& coinbase_advanced_dialect();
const Dialect& coingecko_dialect();
const Dialect& crypto_com_dialect();
const Dialect& deribit_dialect();
const Dialect& dydx_dialect();
const Dialect& ecb_dialect();
const Dialect& exchangerate_host_dialect();
const Dialect& gateio_dialect();
const Dialect& gemini_dialect();
const Dialect& htx_dialect();
const Dialect& hyperliquid_dialect();
const Dialect& kucoin_dialect();
const Dialect& mexc_dialect();
const Dialect& oanda_dialect();
const Dialect& okx_dialect();
const Dialect& polygon_dialect();
const Dialect& twelvedata_dialect();
const Dialect& uniswap_dialect();
const Dialect& upbit_dialect();

}  // namespace assay::fetchers::market
