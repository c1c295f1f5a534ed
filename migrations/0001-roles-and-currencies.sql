-- The application's role: it reads and writes as it was granted, table by table, and owns nothing.
-- Roles belong to the whole server, so another database of it may have made this one already, or may be
-- making it at this moment.
do $$
begin
  create role florin_app nologin;
exception when duplicate_object or unique_violation then null;
end
$$;

-- The owner connects and takes the application's role on (it needs no right of its own for that).
grant florin_app to current_user with set true, inherit false;
grant usage on schema public to florin_app;

-- ISO 4217. A lookup the whole server shares, hence without a book.
create table currencies (
  currency text primary key check (currency ~ '^[A-Z]{3}$'),
  decimals int not null default 2 check (decimals between 0 and 4)
);

insert into currencies (currency, decimals)
select code, 2 from unnest(string_to_array(
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP '
  'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS '
  'INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN '
  'MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE '
  'SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW '
  'ZWG', ' ')) as code
union all
select code, 0 from unnest(string_to_array(
  'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF', ' ')) as code
union all
select code, 3 from unnest(string_to_array('BHD IQD JOD KWD LYD OMR TND', ' ')) as code;

grant select on currencies to florin_app;
