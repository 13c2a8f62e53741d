// Values of a text that are texts themselves: by key, or by language.
function said(station, values) {
    const filled = {};
    for (const name in values) {
        const value = values[name];
        if (value && value.key !== undefined)
            filled[name] = station.t(value.key, said(station, value.values));
        else if (value && value.by_language !== undefined)
            filled[name] = value.by_language[station.language] ?? "";
        else
            filled[name] = value;
    }
    return filled;
}
