#!/usr/bin/env python3
"""Writes the seed corpora of the venue_* fuzz targets: invented values in the shapes that the venues document.

A file is the path or endpoint, a line feed, then one frame or body."""
import gzip
import pathlib

HERE = pathlib.Path(__file__).parent / "corpus"

BINANCE = [
    ("/ws/btcusdt@depth5", '{"lastUpdateId":7,"bids":[["61000.1","2"]],"asks":[["61000.2","1"]]}'),
    ("", '{"u":7,"s":"BTCUSDT","b":"61000.1","B":"1","a":"61000.2","A":"2"}'),
    ("", '{"stream":"!ticker@arr","data":[{"e":"24hrTicker","E":1700000000123,"s":"BTCUSDT","c":"1","b":"1","a":"2","v":"3"}]}'),
    ("", '{"e":"aggTrade","E":1700000000123,"s":"BTCUSDT","p":"61000.15","q":"3","T":1700000000122}'),
    ("", '{"e":"kline","E":1700000000123,"s":"BTCUSDT","k":{"t":1,"c":"61000.15","v":"42"}}'),
    ("", '{"e":"depthUpdate","E":1,"s":"BTCUSDT","U":1,"u":2,"b":[["1","2"]],"a":[]}'),
    ("", '{"e":"markPriceUpdate","E":1,"s":"BTCUSD_PERP","p":"1","i":"2"}'),
    ("", '{"result":null,"id":1}'),
    ("", '{"id":1,"status":200,"result":[{"symbol":"BTCUSDT","price":"1"}]}'),
    ("/x", '{"code":-1003,"msg":"Too many \\u0041 requests"}'),
    ("GET https://api.binance.com/api/v3/trades?symbol=BTCUSDT", '[{"id":1,"price":"61000.15","qty":"1","time":1700000000122}]'),
    ("/api/v3/klines?symbol=BTCUSDT", '[[1700000000000,"1","3","0.5","61000.15","42",1700000059999]]'),
    ("/api/v3/ticker/24hr", '[{"symbol":"BTCUSDT","lastPrice":"1e-7","bidPrice":"0.0","askPrice":null,"volume":"1","closeTime":1700000000123456}]'),
    ("/api/v3/avgPrice?symbol=%42TCUSDT", '{"mins":5,"price":"61000.5","closeTime":1700000000123}'),
    ("/", "<html><body>502</body></html>"),
    ("/", ""),
]
COINBASE = [
    ("/", '{"type":"ticker","product_id":"BTC-USD","price":"1","volume_24h":"2","best_bid":"1","best_ask":"2","time":"2023-11-14T22:13:20.123456Z"}'),
    ("/", '{"type":"match","price":"61000.15","product_id":"BTC-USD","time":"2023-11-14T22:13:20+01:00"}'),
    ("/", '{"type":"snapshot","product_id":"BTC-USD","bids":[["1","1"],["2","0"]],"asks":[["3","1"]]}'),
    ("/", '{"type":"l2update","product_id":"BTC-USD","changes":[["buy","1","2"]]}'),
    ("/", '{"type":"subscriptions","channels":[]}'),
    ("/", '{"type":"error","message":"Failed","reason":"why"}'),
    ("/", '["change","BTC-USD","9","id","1","2"]'),
    ("/products/BTC-USD/ticker", '{"trade_id":1,"price":"1","bid":"1","ask":"2","volume":"9.5","time":"2023-11-14T22:13:20Z"}'),
    ("/products/BTC-USD/book?level=2", '{"bids":[["1","2",3]],"asks":[["2","1",1]],"time":"2023-11-14T22:13:20Z"}'),
    ("/products/BTC-USD/trades", '[{"trade_id":1,"price":"1","size":"2","time":"2023-11-14T22:13:20Z"}]'),
    ("/products/BTC-USD/candles", "[[1700000000,1,3,2,61000.15,4.5]]"),
    ("/products/stats", '{"BTC-USD":{"stats_24hour":{"last":"1","volume":"7"}}}'),
    ("/v2/prices/BTC-USD/spot", '{"data":{"base":"BTC","currency":"USD","amount":"1"}}'),
    ("/v2/exchange-rates", '{"data":{"currency":"USD","rates":{"BTC":"0.1"}}}'),
    ("/products/<id>/ticker", '{"message":"NotFound"}'),
    ("/v2/exchange-rates", '{"data":{"currency":"USD","rates":{}}}'),
]
KRAKEN = [
    ("/v2", '{"channel":"ticker","data":[{"symbol":"BTC/USD","bid":1.0,"ask":2e0,"last":1.5,"volume":3,"timestamp":"2023-11-14T22:13:20.123456Z"}]}'),
    ("/v2", '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","price":1.5,"qty":1}]}'),
    ("/v2", '{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":[{"price":1,"qty":1}],"asks":[{"price":2,"qty":1}]}]}'),
    ("/v2", '{"channel":"ohlc","timestamp":"2023-11-14T22:13:20.123456789Z","data":[{"symbol":"BTC/USD","close":1.5,"volume":2}]}'),
    ("/v2", '{"channel":"heartbeat"}'),
    ("/v2", '{"method":"subscribe","success":false,"error":"Exceeded msg rate"}'),
    ("/", '[340,{"a":["2",1,"1"],"b":["1",2,"2"],"c":["1.5","1"],"v":["5","6"]},"ticker","XBT/USD"]'),
    ("/", '[337,[["1.5","0.1","1700000000.123456","b","m",""]],"trade","XBT/USD"]'),
    ("/", '[341,["1","2","1700000000.123456","1","2"],"spread","XBT/USD"]'),
    ("/", '[343,["1700000000.1","1700000060.0","1","3","1","1.5","2","42.5",9],"ohlc-1","XBT/USD"]'),
    ("/", '[336,{"as":[["2","1","1700000000.1"]],"bs":[["1","1","1700000001.0"]]},"book-10","XBT/USD"]'),
    ("/", '[336,{"a":[["2","0","1"]]},{"b":[]},"book-10","XBT/USD"]'),
    ("/", '{"event":"subscriptionStatus","status":"error","errorMessage":"Unknown pair"}'),
    ("/0/public/Ticker", '{"error":[],"result":{"XXBTZUSD":{"a":["2","1"],"b":["1","1"],"c":["1.5","1"],"v":["5","6"]}}}'),
    ("/0/public/Depth", '{"error":[],"result":{"XTZUSD":{"asks":[["2","1",1]],"bids":[["1","1",1]]}}}'),
    ("/0/public/Trades", '{"error":[],"result":{"XBTUSDT":[["1.5","1",1700000000.1239,"b","m",""]],"last":"1"}}'),
    ("/0/public/OHLC", '{"error":[],"result":{"USDTZUSD":[[1700000000,"1","3","1","1.5","2","42",9]],"last":1}}'),
    ("/0/public/Spread", '{"error":["WGeneral:x"],"result":{"XXBTZUSD":[[1700000000,"1","2"]]}}'),
    ("/x", '{"error":["EGeneral:Too many requests"]}'),
    ("/0/public/Trades", '{"error":[],"result":{"last":"0"}}'),
]


def write(name, samples):
    folder = HERE / name
    folder.mkdir(parents=True, exist_ok=True)
    for index, (endpoint, sent) in enumerate(samples):
        (folder / f"{index:02}").write_bytes(endpoint.encode() + b"\n" + sent.encode())
    (folder / "gzip").write_bytes(samples[0][0].encode() + b"\n" + gzip.compress(samples[0][1].encode(), mtime=0))


write("venue_binance", BINANCE)
write("venue_coinbase", COINBASE)
write("venue_kraken", KRAKEN)

# venue_any: the first byte picks the adapter by its place in venue_any_fuzz.cpp.
ANY_PLACES = ["htx", "crypto_com", "mexc", "bitget", "upbit", "bithumb", "hyperliquid", "dydx", "coingecko", "ecb",
              "exchangerate_host", "uniswap", "bitfinex", "bitstamp", "bybit", "coinbase_advanced", "deribit", "gateio",
              "gemini", "kucoin", "okx", "polygon", "twelvedata", "oanda", "binance", "binance_us", "coinbase_exchange",
              "kraken"]
TWO = "0" * 39 + "2" + "0" * 24
ANY = {
    "htx": [
        ("/ws", '{"ch":"market.btcusdt.ticker","ts":1700000000123,"tick":{"close":1,"amount":2,"bid":1.5,"ask":1.6,"lastPrice":1.55}}'),
        ("/ws", '{"ch":"market.BTC_CQ.depth.step0","ts":1,"tick":{"bids":[[1.5,1]],"asks":[[1.6,1]]}}'),
        ("/ws", '{"ch":"market.btcusdt.trade.detail","ts":1,"tick":{"data":[{"price":1.5,"ts":1700000000123}]}}'),
        ("/ws", '{"ping":1700000000123}'),
        ("/market/tickers", '{"status":"ok","ts":1,"data":[{"symbol":"btcusdt","close":1,"bid":1,"ask":2}]}'),
        ("/market/history/trade", '{"ch":"market.btcusdt.trade.detail","status":"ok","data":[{"data":[{"price":1}]}]}'),
        ("/x", '{"status":"error","err-msg":"invalid"}'),
    ],
    "crypto_com": [
        ("", '{"id":-1,"method":"subscribe","code":0,"result":{"instrument_name":"BTC_USDT","channel":"ticker","data":[{"b":"1.5","k":"1.6","a":null,"v":"2","t":1700000000123}]}}'),
        ("", '{"code":0,"method":"subscribe","result":{"instrument_name":"BTCUSD-PERP","channel":"book","data":[{"bids":[["1","2","1"]],"asks":[["2","0","0"]],"t":1}]}}'),
        ("", '{"id":17,"method":"public/heartbeat","code":0}'),
        ("/public/get-valuations?instrument_name=BTCUSD-INDEX", '{"method":"public/get-valuations","code":0,"result":{"data":[{"v":"1","tn":"1700000000123456789"}]}}'),
        ("", '{"id":1,"code":42901,"message":"slow"}'),
    ],
    "mexc": [
        ("/ws", b"\x0a\x2fspot@public.aggre.bookTicker.v3.api.pb@100ms@BTC\x1a\x07BTCUSDT\x30\xfb\xf8\xb3\xd7\xbc\x31\xda\x13\x0a\x0a\x031.5\x1a\x031.6"),
        ("/ws", b"\x0a\x01x\x1a\x07BTCUSDT\xd2\x13\x0e\x0a\x0c\x0a\x031.5\x20\xfb\xf8\xb3\xd7\xbc\x31"),
        ("/ws", '{"channel":"x","symbol":"BTCUSDT","sendTime":"1","publicLimitDepths":{"asks":[{"price":"1","quantity":"1"}]}}'),
        ("/ws", '{"c":"spot@public.miniTickers.v3.api","d":[{"s":"BTCUSDT","p":"1","q":"2"}],"t":1}'),
        ("/ws", '{"symbol":"BTC_USDT","data":{"deals":[{"t":1,"p":"1.5","q":"1"}]},"channel":"push.deal"}'),
        ("/ws", '{"id":0,"code":0,"msg":"PONG"}'),
        ("/open/api/v2/market/depth?symbol=BTC_USDT", '{"code":200,"data":{"asks":[{"price":"1","quantity":"1"}],"bids":[]}}'),
        ("/api/v3/ticker/24hr", '{"symbol":"BTCUSDT","lastPrice":"1","bidPrice":"1","askPrice":"2","volume":"3","closeTime":1}'),
    ],
    "bitget": [
        ("", '{"action":"snapshot","arg":{"channel":"ticker","instId":"BTCUSDT"},"data":[{"lastPr":"1","bidPr":"1","askPr":"2","baseVolume":"3","ts":"1"}]}'),
        ("", '{"action":"update","arg":{"topic":"books","symbol":"BTCUSDT"},"data":[{"a":[["2","1"]],"b":[["1","1"]],"ts":"1"}]}'),
        ("", '{"action":"snapshot","arg":{"channel":"trade","instId":"BTCUSDT"},"data":[["1700000000123","1.5","2","buy"]]}'),
        ("", "pong"),
        ("/candles?symbol=BTCUSDT", '{"code":"00000","data":[["1","1","3","1","1.5","9"]]}'),
        ("/x", '{"code":"40034","msg":"does not exist"}'),
    ],
    "upbit": [
        ("", '{"ty":"orderbook","cd":"KRW-BTC","tms":1700000000123,"obu":[{"ap":2,"bp":1,"as":1,"bs":2},{"ap":0,"bp":1}]}'),
        ("", '{"type":"ticker","code":"KRW-BTC","trade_price":1.5,"acc_trade_volume_24h":9,"trade_timestamp":1}'),
        ("/v1/candles", '[{"market":"KRW-BTC","candle_date_time_utc":"2023-11-14T22:13:20","trade_price":1.5}]'),
        ("", '{"error":{"name":429,"message":"x"}}'),
    ],
    "bithumb": [
        ("", '{"type":"transaction","content":{"list":[{"symbol":"BTC_KRW","contPrice":"1","contDtm":"2023-11-15 07:13:20.123456"}]}}'),
        ("", '{"type":"ticker","content":{"symbol":"BTC_KRW","closePrice":"1.5","volume":"9","date":"20231115","time":"071320"}}'),
        ("", '{"code":"00006","topic":"ORDERBOOK","data":{"symbol":"BTC-USDT","b":[["1","1"]],"s":[["2","0"]]},"timestamp":1}'),
        ("/public/ticker/ALL_KRW", '{"status":"0000","data":{"BTC":{"closing_price":"1","units_traded_24H":"2"},"date":"1700000000123"}}'),
        ("/public/orderbook/ALL_KRW", '{"status":"0000","data":{"payment_currency":"KRW","BTC":{"bids":[{"price":"1","quantity":"1"}],"asks":[]}}}'),
        ("/public/transaction_history/BTC_KRW", '{"status":"0000","data":[{"transaction_date":"2023-11-15 07:13:20","price":"1"}]}'),
    ],
    "hyperliquid": [
        ("/ws", '{"channel":"bbo","data":{"coin":"BTC","time":1700000000123,"bbo":[{"px":"1","sz":"1"},null]}}'),
        ("/ws", '{"channel":"l2Book","data":{"coin":"@1","time":1,"levels":[[{"px":"1","sz":"1"}],[]]}}'),
        ("/ws", '{"channel":"allMids","data":{"mids":{"BTC":"1","dex:X":"2"}}}'),
        ("/info", '[{"universe":[{"name":"BTC"}]},[{"markPx":"1","dayBaseVlm":"2"},{"midPx":"3"}]]'),
        ("/ws", '{"channel":"allDexsAssetCtxs","data":{"ctxs":[["",[{"markPx":"1"}]]]}}'),
    ],
    "dydx": [
        ("/v4/ws", '{"type":"subscribed","channel":"v4_orderbook","id":"BTC-USD","contents":{"bids":[{"price":"1","size":"1"}],"asks":[]}}'),
        ("/v4/ws", '{"type":"channel_batch_data","channel":"v4_trades","id":"BTC-USD","contents":[{"trades":[{"price":"1","createdAt":"2023-11-14T22:13:20.123Z"}]}]}'),
        ("/v4/ws", '{"type":"channel_data","channel":"v4_markets","contents":{"oraclePrices":{"BTC-USD":{"oraclePrice":"1"}}}}'),
        ("/v4/perpetualMarkets", '{"markets":{"BTC-USD":{"oraclePrice":"1"}}}'),
        ("/v4/candles/perpetualMarkets/BTC-USD", '{"candles":[{"close":"1","baseTokenVolume":"2"}]}'),
    ],
    "coingecko": [
        ("/simple/price", '{"ethereum":{"usd":3000.5,"usd_24h_vol":1,"last_updated_at":1700000000}}'),
        ("/coins/markets?vs_currency=usd", '[{"id":"x","symbol":"y","current_price":1,"last_updated":"2023-11-14T22:13:20.123Z"}]'),
        ("/coins/bitcoin/tickers", '{"tickers":[{"base":"BTC","target":"USDT","last":1,"volume":2}]}'),
        ("/exchange_rates", '{"rates":{"usd":{"value":1}}}'),
    ],
    "ecb": [
        ("/x", "<?xml version='1.0'?><gesmes:Envelope><Cube><Cube time='2023-11-14'><Cube currency='USD' rate='1.0730'/></Cube></Cube></gesmes:Envelope>"),
        ("/x", 'FREQ,TITLE,CURRENCY,TIME_PERIOD,OBS_VALUE\r\nD,"a, ""b""",USD,2023-11-14,1.0730\r\n'),
        ("/x", "<Cube currency='\u00e9' rate='1'"),
        ("/x", "<gesmes:Envelope><Cube><Cube time='2023-11-14'><Cube currency='RUB' rate='N/A'/></Cube></Cube></gesmes:Envelope>"),
    ],
    "exchangerate_host": [
        ("/latest", '{"success":true,"base":"EUR","date":"2023-11-14","rates":{"USD":1.07}}'),
        ("/live", '{"success":true,"timestamp":1700000000,"source":"USD","quotes":{"USDEUR":0.93}}'),
        ("/timeseries", '{"base":"EUR","rates":{"2023-11-14":{"USD":1.07},"x":{}}}'),
        ("/convert", '{"query":{"from":"USD","to":"EUR"},"info":{"rate":0.93},"date":"2023-11-14"}'),
    ],
    "uniswap": [
        ("eth_call 0x8ad599c3a0ff1de082011efddc58f1908eb6e6d8", '{"id":1,"result":"0x' + TWO + "0" * 384 + '"}'),
        ("", '{"result":[{"address":"0x8ad599c3a0ff1de082011efddc58f1908eb6e6d8","topics":["0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67"],"data":"0x' + "0" * 128 + TWO + "0" * 128 + '"}]}'),
        ("", '{"error":{"code":-32005,"message":"limit"}}'),
        ("", '[{"id":"observe 1800 UNI/LINK","result":"0x' + "0" * 192 + "f" * 64 + "0" * 256 + '"}]'),
        ("POST x 0x883bdbfd" + "0" * 128 + "0" * 61 + "708" + "0" * 64, '{"id":1,"result":"0x' + "0" * 512 + '"}'),
    ],
    "bitfinex": [
        ("/ws/2", '{"event":"subscribed","channel":"ticker","chanId":17,"symbol":"tBTCUST"}\n[17,[1.5,1,2.5e0,2,-5,-0.01,2,1234.5,3,1],1700000000123]'),
        ("/ws/2", '[{"channel":"book","symbol":"tBTCUSD"},[[60999,1,0.5],[61001,2,-0.5]],7,1700000000123]'),
        ("/ws/2", '[{"channel":"candles","key":"trade:1m:tAVAX:USD"},[1700000000000,1,2.5,3,0,9]]'),
        ("/ws/2", '[17,"te",[1,1700000000123,-0.5,61000.5],3]'),
        ("/v2/tickers", '[["tBTCF0:USTF0",1,2,3,4,5,6,2.5,9,10,0],["fUSD",1]]'),
        ("/v1/pubticker/btcusd", '{"bid":"1","ask":"2","last_price":"1.5","volume":"9","timestamp":"1700000000.12"}'),
        ("/x", '["error",11010,"ratelimit: error"]'),
    ],
    "bitstamp": [
        ("/", '{"event":"data","channel":"order_book_btcusd","data":{"microtimestamp":"1700000000123456","bids":[["1","1"]],"asks":[["2","0"]]}}'),
        ("/", '{"event":"trade","channel":"live_trades_btceur","data":{"price":1.5,"price_str":"1.50","timestamp":"1700000000"}}'),
        ("/", '{"event":"bts:error","data":{"message":"Bad subscription"}}'),
        ("/api/v2/ticker/", '[{"pair":"BTC/USD","bid":"1","ask":"2","last":"1.5","volume":"9","timestamp":"1700000000"}]'),
        ("/api/v2/ohlc/btcusd/", '{"data":{"pair":"BTC/USD","ohlc":[{"close":"2","volume":"9","timestamp":"1700000000"}]}}'),
    ],
    "bybit": [
        ("/v5/public/spot", '{"topic":"orderbook.1.BTCUSDT","type":"snapshot","ts":1700000000123,"data":{"s":"BTCUSDT","b":[["1","1"]],"a":[["2","2"]]}}'),
        ("/realtime", '{"topic":"orderBookL2_25.BTCUSD","type":"snapshot","data":[{"price":"2","symbol":"BTCUSD","side":"Sell","size":1}]}'),
        ("/realtime", '{"topic":"instrument_info.100ms.BTCUSD","type":"snapshot","data":{"symbol":"BTCUSD","last_price_e4":610001000}}'),
        ("/v5/public/inverse", '{"topic":"tickers.BTCUSDM24","data":{"symbol":"BTCUSDM24","bid1Price":"1","lastPrice":"1","turnover24h":"3"}}'),
        ("/v5/market/kline", '{"retCode":0,"result":{"category":"spot","symbol":"BTCUSDT","list":[["1700000000000","1","3","0","2","9","7"]]}}'),
        ("/v5/market/tickers", '{"retCode":0,"result":{"list":[{"symbol":"BTC-28JUN24-60000-P","bid1Price":"1"}]},"time":1}'),
        ("/x", '{"retCode":10006,"retMsg":"slow"}'),
    ],
    "coinbase_advanced": [
        ("/", '{"channel":"ticker","timestamp":"2023-11-14T22:13:20.123456789Z","events":[{"tickers":[{"product_id":"BTC-USD","price":"1.5"}]}]}'),
        ("/", '{"channel":"l2_data","events":[{"type":"snapshot","product_id":"BTC-USD","updates":[{"side":"bid","price_level":"1","new_quantity":"1"}]}]}'),
        ("/products/BTC-USD/ticker", '{"trades":[{"price":"1.5","time":"2023-11-14T22:13:20Z"}],"best_bid":"1","best_ask":"2"}'),
        ("/product_book", '{"pricebook":{"product_id":"BTC-USD","bids":[{"price":"1","size":"1"}],"asks":[]}}'),
    ],
    "deribit": [
        ("/", '{"method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","data":{"best_bid_price":1.0,"stats":{"volume":9.5}}}}'),
        ("/", '{"method":"subscription","params":{"channel":"book.X_Y.raw","data":{"type":"snapshot","bids":[["new",1.0,5.0]],"asks":[[2.0,1.0]]}}}'),
        ("/", '{"method":"heartbeat","params":{"type":"test_request"}}'),
        ("/x?instrument_name=ETH-1JAN30-4000-P", '{"result":{"ticks":[1,2],"close":[2.5],"volume":[9.5,1.0,3]}}'),
        ("/x", '{"error":{"code":10028,"message":"too_many_requests"}}'),
    ],
    "gateio": [
        ("/ws/v4/", '{"time":1700000000,"channel":"spot.book_ticker","event":"update","result":{"t":1700000000123,"s":"BTC_USDT","b":"1","a":""}}'),
        ("/ws/v4/", '{"channel":"spot.candlesticks","event":"update","result":{"c":"2.5","n":"1m_1INCH_USDT","a":"9"}}'),
        ("/ws/v4/", '{"channel":"spot.obu","event":"update","result":{"full":true,"s":"ob.BTC_USDT.50","b":[["1","1"]],"a":[]}}'),
        ("/ws/v3", '{"method":"trades.update","params":["BTC_USDT",[{"time":1700000000.123456,"price":"1.5"}]]}'),
        ("/ws/v3", '{"method":"kline.update","params":[[1700000000,"1","2.5","3","0","9","18","BTC_USDT"]]}'),
        ("/spot/order_book?currency_pair=BTC_USDT", '{"current":1700000000123,"bids":[["1","1"]],"asks":[["2","1"]]}'),
    ],
    "gemini": [
        ("/", '{"u":1,"E":1700000000123456789,"s":"xrpgusd","b":"1.06","B":"1","a":"1.07","A":"1"}'),
        ("/v2/marketdata", '{"type":"l2_updates","symbol":"BTCUSD","changes":[["buy","1","1"],["sell","2","1"]],"trades":[{"price":"1.5"}]}'),
        ("/v1/marketdata/BTCUSD", '{"type":"update","events":[{"type":"change","reason":"initial","price":"1","remaining":"1"},{"type":"trade","price":"1"}]}'),
        ("/v1/pubticker/btcusdperp", '{"bid":"1","ask":"2","last":"1.5","volume":{"BTC":"9","timestamp":1700000000123}}'),
        ("/v1/trades/btcusd", '[{"timestampms":1700000000123,"tid":1,"price":"1.5"}]'),
    ],
    "kucoin": [
        ("/", '{"type":"message","topic":"/market/ticker:all","subject":"ETH-BTC","data":{"bestBid":"1","bestAsk":"2","price":"1.5"}}'),
        ("/", '{"type":"message","topic":"/market/snapshot:BTC","data":{"data":{"symbol":"BTC-USDT","buy":1,"lastTradedPrice":1.5,"datetime":1}}}'),
        ("/", '{"type":"message","topic":"/market/candles:BTC-USDT_1min","data":{"candles":["1700000000","1","2.5","3","0","9"],"time":1700000000123456789}}'),
        ("/", '{"type":"message","topic":"/spotMarket/level1:BTC-USDT","subject":"level1","data":{"bids":["1","1"],"asks":["2","1"]}}'),
        ("/allTickers", '{"code":"200000","data":{"time":1,"ticker":[{"symbol":"XBTUSDTM","buy":"1","sell":null,"last":"1"}]}}'),
        ("/bullet-public", '{"code":"200000","data":{"token":"t"}}'),
    ],
    "okx": [
        ("/ws/v5/public", '{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"last":"1.5","askPx":"2","bidPx":"1","vol24h":"9","ts":"1700000000123"}]}'),
        ("/ws/v5/public", '{"arg":{"channel":"bbo-tbt","instId":"BTC-USDT"},"data":[{"asks":[["2","1","0","1"]],"bids":[["1","1"]],"ts":"1"}]}'),
        ("/ws/v5/public", "pong"),
        ("/ws/v3", '{"table":"spot/ticker","data":[{"instrument_id":"BTC-USDT","last":"1.5","timestamp":"2023-11-14T22:13:20.123Z"}]}'),
        ("/api/v5/market/candles?instId=BTC-USD-SWAP", '{"code":"0","data":[["1700000000000","1","3","0.5","2","12.5","99"]]}'),
        ("/x", '{"code":"50011","msg":"slow","data":[]}'),
    ],
    "polygon": [
        ("/x", '{"status":"OK","tickers":[{"ticker":"C:EURUSD","lastQuote":{"a":1.0712,"b":1.0710,"t":1700000000123}}]}'),
        ("/v1/last_quote/currencies/EUR/USD", '{"status":"success","last":{"ask":1.2,"bid":1.1,"timestamp":1}}'),
        ("/x", '{"status":"success","from":"AUD","to":"USD","converted":0.65}'),
        ("/forex", '[{"ev":"C","p":"USD/CNH","a":6.8,"b":6.7,"t":1700000000123},{"ev":"status","status":"auth_failed"}]'),
        ("/x", '{"status":"success","from":"AUD","to":"USD","converted":65.25,"initialAmount":100}'),
        ("/v3/quotes/C:EUR-USD", '{"status":"OK","results":[{"ask_price":1.2,"bid_price":1.1,"participant_timestamp":1700000000123000000}]}'),
        ("/x", '{"status":"OK","ticker":"C:EURUSD","results":[{"c":1.15,"t":1700000000123}]}'),
    ],
    "twelvedata": [
        ("/price?symbol=EUR/USD", '{"price":"1.0712"}'),
        ("/price", '{"EUR/USD":{"price":"1.0712"},"GBP/USD":{"code":429,"status":"error"}}'),
        ("/x", '{"meta":{"symbol":"EUR/USD"},"values":[{"datetime":"2023-11-14 22:13:20","close":"1.07"}]}'),
        ("/eod", '{"symbol":"ABC","currency":"USD","datetime":"2023-11-14","close":"20.10"}'),
        ("/ws", '{"event":"price","symbol":"EUR/USD","timestamp":1700000000,"price":1.07}'),
    ],
    "oanda": [
        ("/x", '{"quotes":[{"base_currency":"EUR","quote_currency":"USD","bid":"1","ask":"2","date_time":"2023-11-14T22:13:20Z"}]}'),
        ("/x", '{"prices":[{"type":"PRICE","instrument":"EUR_USD","bids":[{"price":"1","liquidity":1}],"asks":[]},{"tradeable":false}]}'),
        ("/x", '{"errorMessage":"too many requests"}'),
    ],
}


def write_any(name, samples):
    folder = HERE / "venue_any"
    folder.mkdir(parents=True, exist_ok=True)
    pick = bytes([ord("A") + ANY_PLACES.index(name)])
    for index, (endpoint, sent) in enumerate(samples):
        text = sent if isinstance(sent, bytes) else sent.encode()
        (folder / f"{name}_{index:02}").write_bytes(pick + endpoint.encode() + b"\n" + text)


for venue, samples in ANY.items():
    write_any(venue, samples)
