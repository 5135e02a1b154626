const endless = () => ({ then: (settle) => settle(endless()) });

export default { act: endless };
