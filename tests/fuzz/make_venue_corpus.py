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
