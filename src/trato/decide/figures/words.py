"""How units of time, money, months and days of the week are written, in small letters without accents."""

import re
from typing import Final


def _table(lines: str) -> dict[str, str]:
    """Return what each way of writing means; a line is the meaning, a colon, and the ways."""
    found = {}
    for line in lines.strip().splitlines():
        meaning, ways = line.split(":", 1)
        found.update({way.strip(): meaning.strip() for way in ways.split(",")})
    return found


UNITS: Final = _table("""
    second: segundo, segundos, second, seconds
    minute: min, mins, minuto, minutos, minute, minutes
    hour: h, hs, hr, hrs, hora, horas, hour, hours
    workday: dia habil, dias habiles, dia laborable, dias laborables, dia util, dias uteis, business day
    workday: business days, working day, working days
    day: dia, dias, day, days
    week: semana, semanas, week, weeks
    month: mes, meses, month, months
    year: ano, anos, year, years
    thousand: k, mil, thousand
    million: millon, millones, million, millions, milhao, milhoes
""")
MONEY: Final = _table("""
    $: $
    peso: peso, pesos, ars, mxn, cop, clp, uyu
    dollar: us$, u$s, usd, dolar, dolares, dollar, dollars
    real: r$, brl, real, reais, reales
    euro: €, eur, euro, euros
    pound: £, gbp, libra, libras, pound, pounds
    sol: pen, sol, soles
    cent: centavo, centavos, centimo, centimos, cent, cents
""")
MONTHS: Final = _table("""
    1: enero, january, janeiro
    2: febrero, february, fevereiro
    3: marzo, march, marco
    4: abril, april
    5: mayo, may, maio
    6: junio, june, junho
    7: julio, july, julho
    8: agosto, august
    9: septiembre, setiembre, september, setembro
    10: octubre, october, outubro
    11: noviembre, november, novembro
    12: diciembre, december, dezembro
""")
NO_MONTH: Final = frozenset({"may", "march", "marco"})  # standing alone they are other words too
WEEKDAYS: Final = _table("""
    1: lunes, monday, mondays, segunda-feira
    2: martes, tuesday, tuesdays, terca-feira
    3: miercoles, wednesday, wednesdays, quarta-feira
    4: jueves, thursday, thursdays, quinta-feira
    5: viernes, friday, fridays, sexta-feira
    6: sabado, sabados, saturday, saturdays
    7: domingo, domingos, sunday, sundays
    weekend: fin de semana, fines de semana, weekend, weekends, fim de semana, fins de semana
""")


def any_of(*tables: dict[str, str]) -> str:
    """Return a pattern for every way of writing in these tables, the longest first."""
    ways = {way for table in tables for way in table}
    return "|".join(re.escape(way) for way in sorted(ways, key=lambda way: (-len(way), way)))
