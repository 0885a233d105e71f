// TAP lines, and a word for each test: what it is called and what it does.
let count = 0;
let failures = 0;

export async function test(name, body) {
    count++;
    try {
        await body();
        console.log(`ok ${count} - ${name}`);
    } catch (error) {
        failures++;
        console.log(`not ok ${count} - ${name}`);
        const lines = String(error.stack ?? error).split("\n");
        for (const line of lines.filter((l) => !l.includes("node:internal")).slice(0, 30))
            console.log(`# ${line}`);
    }
}

export function finish() {
    console.log(`1..${count}`);
    return failures === 0 ? 0 : 1;
}
